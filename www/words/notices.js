// Notices and errors: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  'words-lost': 'The words of the other language could not be loaded. Check the connection, then reload the page.',
  dismiss: 'Dismiss',
  spoken: 'Epoch {epoch}, {sparsity} sparse, accuracy {accuracy}',
  'spoken-estimate': 'Epoch {epoch}, {sparsity} sparse, accuracy about {accuracy}, from {low} to {high}',
  'worker-died': 'The trainer stopped unexpectedly. It is started again from the last checkpoint.',
  'worker-restored': 'Restored at step {step}. Press Run to train on.',
  'restored-earlier': 'The last checkpoint could not be restored. The state before it, at step {step}, was.',
  'begun-afresh': 'No checkpoint could be restored: the network begins afresh.',
  'not-yet': 'That has to wait: there is no network to do it with yet.',
  'not-now': 'The trainer has stopped. Start it again first.',
  'export-lost': 'The file could not be made. Try it once more.',
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
  'words-lost': '无法加载另一种语言的文字。请检查网络连接，然后重新载入页面。',
  dismiss: '关闭',
  spoken: '第 {epoch} 轮，稀疏度 {sparsity}，准确率 {accuracy}',
  'spoken-estimate': '第 {epoch} 轮，稀疏度 {sparsity}，准确率约 {accuracy}，{low} 至 {high}',
  'worker-died': '训练程序意外停止，正在从上一个检查点重新启动。',
  'worker-restored': '已恢复到第 {step} 步。按“运行”继续训练。',
  'restored-earlier': '最后一个检查点无法恢复，已恢复到它之前的状态（第 {step} 步）。',
  'begun-afresh': '没有检查点可以恢复：网络已从头开始。',
  'not-yet': '请稍候：网络尚未就绪，暂时无法执行此操作。',
  'not-now': '训练程序已停止。请先重新启动它。',
  'export-lost': '文件未能生成，请再试一次。',
  'download-failed': '数据加载失败：{message}。请自行选择文件。',
  'error-bad-data': '无法使用 {files}：{message} 当前会话保持不变。',
  'error-bad-data-unnamed': '无法使用数据：{message}',
  'error-data-needed': '此数据集需要文件：{message}',
  'error-bad-config': '设置不可用：{message}',
  'error-bad-command': '现在无法执行：{message}',
  'error-bad-checkpoint': '无法恢复该状态：{message}',
  'error-diverged': '训练发散：{message} 请降低学习率并按“重置”，或返回某个状态。',
  'error-device': '设备出错：{message} 请切换到 CPU，或重新加载页面。',
};
