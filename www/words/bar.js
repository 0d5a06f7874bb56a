// The bar above: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  title: 'Pruning Playground',
  'other-language': '中文',
  'other-language-code': 'zh-CN',

  run: 'Run',
  'run-hint': 'Train (Space)',
  pause: 'Pause',
  'pause-hint': 'Stop after the step in hand (Space)',
  step: 'Step',
  'step-hint': 'One training step (.)',
  reset: 'Reset',
  'reset-hint': 'Fresh weights from the seed (R); earlier states stay in the list',
  settings: 'Settings',
  'settings-note': 'Changing one of these begins anew, but for the fine-tuning steps, the colours and the first visit. “Share” has a link with every setting.',
  epoch: 'Epoch {epoch}',
  steps: 'step {steps}',
  loss: 'loss {loss}',
  'no-loss': 'loss –',
  'at-rest': 'not trained yet',
  'images-per-second': '{images} images/s',
  accuracy: 'accuracy',
  'accuracy-dense': '{samples} test images, dense',
  'accuracy-pruned': '{samples} test images, pruned',
  'fine-tuning': 'Fine-tuning',
};

/** @type {Record<string, string>} */
export const zh = {
  title: '剪枝游乐场',
  'other-language': 'English',
  'other-language-code': 'en',

  run: '运行',
  'run-hint': '训练（空格键）',
  pause: '暂停',
  'pause-hint': '完成当前一步后停止（空格键）',
  step: '单步',
  'step-hint': '训练一步（. 键）',
  reset: '重置',
  'reset-hint': '按种子重新初始化权重（R 键）；之前的状态仍保留在列表中',
  settings: '设置',
  'settings-note': '除微调步数、配色和首次访问这三项外，更改任何一项都会重新开始。“分享”中有包含所有设置的链接。',
  epoch: '第 {epoch} 轮',
  steps: '第 {steps} 步',
  loss: '损失 {loss}',
  'no-loss': '损失 –',
  'at-rest': '尚未训练',
  'images-per-second': '{images} 张/秒',
  accuracy: '准确率',
  'accuracy-dense': '{samples} 张测试图，稠密',
  'accuracy-pruned': '{samples} 张测试图，已剪枝',
  'fine-tuning': '微调中',
};
