// A first visit and a return: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  'setting-autoplay': 'Train by itself on a first visit',
  'autoplay-auto': 'For a moment',
  'autoplay-off': 'Never',
  invitation: 'Drag the slider: how much can go?',
  'offer-heading': 'Your last network',
  'offer-dense': '{when}: {accuracy} accurate after {step} steps, on {dataset}.',
  'offer-sparse': '{when}: {accuracy} accurate at {sparsity} sparsity after {step} steps, on {dataset}.',
  'offer-files': 'Its images come from files: choose them again, and it goes on.',
  'offer-accept': 'Go on with it',
  'offer-decline': 'Begin anew',
  'offer-forget': 'Forget it',
  'bring-back': 'Bring back the last visit’s network',
  'kept-here': 'Your last network is kept in this browser, for your next visit.',
  forget: 'Forget it',
  'forget-failed': 'What is kept in this browser could not be deleted: {message}. Clear the data of this site in the browser.',
};

/** @type {Record<string, string>} */
export const zh = {
  'setting-autoplay': '首次访问时自动训练',
  'autoplay-auto': '训练片刻',
  'autoplay-off': '从不',
  invitation: '拖动滑块：能剪掉多少？',
  'offer-heading': '您上次的网络',
  'offer-dense': '{when}：{dataset}，训练 {step} 步，准确率 {accuracy}。',
  'offer-sparse': '{when}：{dataset}，训练 {step} 步，稀疏度 {sparsity}，准确率 {accuracy}。',
  'offer-files': '它的图像来自文件：重新选择这些文件后即可继续。',
  'offer-accept': '继续使用',
  'offer-decline': '重新开始',
  'offer-forget': '删除',
  'bring-back': '恢复上次访问时的网络',
  'kept-here': '您上次的网络保存在此浏览器中，供下次访问时使用。',
  forget: '删除',
  'forget-failed': '无法删除保存在此浏览器中的内容。请在浏览器中清除本网站的数据。（详情：{message}）',
};
