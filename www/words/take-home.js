// Networks as files, saved and opened: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  'take-home': 'The network as files',
  'save-weights': 'Weights and masks',
  'save-onnx': 'ONNX',
  'save-script': 'PyTorch script',
  'save-test-images': 'Test images',
  'without-removed': 'Without the {count} removed filters',
  'none-removed': 'Without removed filters (none is removed)',
  'take-home-note': 'Weights and masks are safetensors, with settings, recipe and accuracy in the metadata; ONNX takes pixels from 0 to 255. The script loads the weights in PyTorch and evaluates them on the test images. Training is paused first; what the slider only previews is not in them.',
  'file-saved': 'Saved.',
  'open-network': 'Open a network…',
  'open-network-label': 'Open a .safetensors file that was saved here',
  'open-network-note': 'It is measured anew before it takes the place of this one. It can be dropped on the page, too.',
  'opened-same': 'The network is open. Its accuracy on {samples} test images is {accuracy}, bit for bit what the file says.',
  'opened-close': 'The network is open. Its accuracy on {samples} test images is {accuracy}, as the file says; the losses, {loss} and {storedLoss} in the file, differ in the last digits.',
  'opened-differs': 'The network is open, but its accuracy on {samples} test images is {accuracy}, and the file says {stored} on {storedSamples}: a difference of {difference} points.',
  'opened-elsewhere': 'The network is open. Its accuracy on {samples} test images is {accuracy}. The file says {stored}, of other images than those that are here.',
  'opened-unknown': 'The network is open. Its accuracy on {samples} test images is {accuracy}; the file does not say one.',
  'network-too-large': '{name} is larger than any network that can be trained here, and is not read.',
  'script-failed': 'The script could not be loaded: {message}.',
  'error-bad-network': '{files}: {message}. The session goes on as it was.',
};

/** @type {Record<string, string>} */
export const zh = {
  'take-home': '网络文件',
  'save-weights': '权重与掩码',
  'save-onnx': 'ONNX',
  'save-script': 'PyTorch 脚本',
  'save-test-images': '测试图像',
  'without-removed': '去掉 {count} 个已移除的卷积核',
  'none-removed': '去掉已移除的卷积核（尚无）',
  'take-home-note': '权重与掩码为 safetensors 格式，元数据中有设置、流程和准确率；ONNX 的输入为 0 到 255 的像素。脚本在 PyTorch 中载入权重，并用测试图像评估。保存前会先暂停训练；滑块仅预览的剪枝不包含在内。',
  'file-saved': '已保存。',
  'open-network': '打开网络…',
  'open-network-label': '打开在此保存的 .safetensors 文件',
  'open-network-note': '替换当前网络之前会重新测量。也可以把文件拖到页面上。',
  'opened-same': '网络已打开。它在 {samples} 张测试图像上的准确率为 {accuracy}，与文件所记逐位一致。',
  'opened-close': '网络已打开。它在 {samples} 张测试图像上的准确率为 {accuracy}，与文件所记相同；损失 {loss} 与文件中的 {storedLoss} 在末位数字上不同。',
  'opened-differs': '网络已打开，但它在 {samples} 张测试图像上的准确率为 {accuracy}，而文件所记为 {storedSamples} 张上 {stored}，相差 {difference} 个百分点。',
  'opened-elsewhere': '网络已打开。它在 {samples} 张测试图像上的准确率为 {accuracy}。文件所记为 {stored}，但所用图像与这里的不同。',
  'opened-unknown': '网络已打开。它在 {samples} 张测试图像上的准确率为 {accuracy}；文件中没有记录准确率。',
  'network-too-large': '{name} 比这里能训练的任何网络都大，未读取。',
  'script-failed': '脚本加载失败：{message}。',
  'error-bad-network': '{files}：{message}。当前会话保持不变。',
};
