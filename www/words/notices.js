// Notices and errors: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  'words-lost': 'The words of the other language could not be loaded. Check the connection, then choose the language again.',
  dismiss: 'Dismiss',
  spoken: 'Epoch {epoch}, {sparsity} sparse, accuracy {accuracy}',
  'spoken-estimate': 'Epoch {epoch}, {sparsity} sparse, accuracy about {accuracy}, from {low} to {high}',
  'spoken-start': 'Training has begun: {said}',
  'spoken-end': 'Training has ended: {said}',
  'worker-died': 'The trainer stopped unexpectedly. It is started again from the last checkpoint.',
  'worker-restored': 'Restored at step {step}. Press Run to train on.',
  'download-failed': 'The data could not be loaded: {message}. Choose the files yourself instead.',
  'error-bad-data': 'Could not use {files}: {message} The session goes on as it was.',
  'error-bad-data-unnamed': 'The data could not be used: {message}',
  'error-data-needed': 'This data set needs its files: {message}',
  'error-bad-config': 'This setting is not possible: {message}',
  'error-bad-command': 'That does not work now: {message}',
  'error-bad-checkpoint': 'That state can not be restored: {message}',
  'error-diverged': 'The training diverged: {message} Lower the learning rate and press Reset, or go back to a state.',
  'error-device': 'The device failed: {message} Switch to the CPU, or reload the page.',
};

/** @type {Record<string, string>} */
export const zh = {
  'words-lost': '无法加载另一种语言的文字。请检查网络连接，然后再次选择语言。',
  dismiss: '关闭',
  spoken: '第 {epoch} 轮，稀疏度 {sparsity}，准确率 {accuracy}',
  'spoken-estimate': '第 {epoch} 轮，稀疏度 {sparsity}，准确率约 {accuracy}，{low} 至 {high}',
  'spoken-start': '训练开始：{said}',
  'spoken-end': '训练结束：{said}',
  'worker-died': '训练程序意外停止，正在从上一个检查点重新启动。',
  'worker-restored': '已恢复到第 {step} 步。按“运行”继续训练。',
  'download-failed': '数据加载失败。请自行选择文件。（详情：{message}）',
  'error-bad-data': '无法使用 {files}：文件内容与预期不符。当前会话保持不变。（详情：{message}）',
  'error-bad-data-unnamed': '无法使用这些数据：内容与预期不符。（详情：{message}）',
  'error-data-needed': '此数据集需要您提供文件，请先选择文件。（详情：{message}）',
  'error-bad-config': '此设置不可用，请改用其他值。（详情：{message}）',
  'error-bad-command': '当前状态下无法执行此操作。（详情：{message}）',
  'error-bad-checkpoint': '无法恢复该状态：其数据已损坏，或属于另一个网络。（详情：{message}）',
  'error-diverged': '训练已发散，数值不再有限。请降低学习率并按“重置”，或返回某个状态。（详情：{message}）',
  'error-device': '设备出错。请切换到 CPU，或重新加载页面。（详情：{message}）',
};
