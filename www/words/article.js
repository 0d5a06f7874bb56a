// The pages' titles and what the "try it" buttons of the article tell: every word of it, by language. The article itself is in article/.

/** @type {Record<string, string>} */
export const en = {
  'page-title': 'Pruning Playground: train a network in your browser, then prune it',
  'embed-title': 'Pruning Playground',
  'try-name': 'Try it: what it is doing',
  'try-waiting': 'Loading…',
  'try-configure': 'Setting up…',
  'try-until': 'Training…',
  'try-restore': 'Going back to the trained network…',
  'try-setSparsity': 'Moving the slider…',
  'try-prune': 'Cutting…',
  'try-fineTune': 'Fine-tuning…',
  'try-follow': 'Following the recipe…',
  'try-done': '{sparsity} cut, {accuracy} of {samples} test images right. Your turn.',
  'try-done-macs': '{sparsity} of the weights and {macs} of the MACs cut, {accuracy} of {samples} test images right. Your turn.',
  'try-taken-over': 'You took over.',
  'try-stopped': 'Stopped.',
  'try-failed': 'It did not work: {message}',
  'try-stop': 'Stop',
  'try-back': 'Back to the text ↓',
};

/** @type {Record<string, string>} */
export const zh = {
  'page-title': '剪枝游乐场：在浏览器中训练一个网络，再给它剪枝',
  'embed-title': '剪枝游乐场',
  'try-name': '试一试：正在做什么',
  'try-waiting': '加载中…',
  'try-configure': '正在设置…',
  'try-until': '训练中…',
  'try-restore': '正在返回训练好的网络…',
  'try-setSparsity': '正在移动滑块…',
  'try-prune': '正在剪枝…',
  'try-fineTune': '微调中…',
  'try-follow': '正在执行流程…',
  'try-done': '已剪去 {sparsity}，{samples} 张测试图的准确率 {accuracy}。轮到您了。',
  'try-done-macs': '已剪去 {sparsity} 的权重、{macs} 的乘加次数，{samples} 张测试图的准确率 {accuracy}。轮到您了。',
  'try-taken-over': '已由您接手。',
  'try-stopped': '已停止。',
  'try-failed': '未能完成，请重试。（详情：{message}）',
  'try-stop': '停止',
  'try-back': '回到正文 ↓',
};
