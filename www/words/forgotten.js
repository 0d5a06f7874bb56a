// What pruning forgets: the words of its panel, by language. They come with it.

import { translate } from './translate.js';

/** @type {Record<string, string>} */
export const en = {
  'forgotten-heading': 'What pruning forgets, the most fragile first',
  'forgotten-none': 'There when the whole curve is: pause, and wait for it.',
  'forgotten-now': 'Below each picture: the sparsity from which its answer stays wrong, of the {points} that the curve measures; {samples} test images, network of step {step}.',
  'forgotten-stale': 'Of the network of step {step}, an earlier one; measured anew at rest.',
  'forgotten-lost': '{sparsity} removed: {lost} of {of} pictures are past their breaking point.',
  'forgotten-breaks': '{label}: stays wrong from {sparsity} on',
  'forgotten-is-lost': '{label}: stays wrong from {sparsity} on, and so now',
  'forgotten-holds': '{label}: right to the end',
  'forgotten-uneven': 'Classes suffer unequally: “{worst}” loses {most} points, “{best}” {least}.',
  'forgotten-gains': 'Classes suffer unequally: “{worst}” loses {most} points, “{best}” gains {least}.',
  'forgotten-even': 'No class loses ten points more than another.',
  'forgotten-few': 'Too few images of each class to compare the classes.',
  'forgotten-class': 'Class',
  'forgotten-images': 'Images',
  'forgotten-dense': 'Right at {sparsity}',
  'forgotten-total': 'All',
  'forgotten-confusion': 'What is taken for what',
  'forgotten-confusion-at': 'At {sparsity}: rows are the true class, columns the answer.',
};

/** @type {Record<string, string>} */
export const zh = {
  'forgotten-heading': '剪枝遗忘了什么：最脆弱的在前',
  'forgotten-none': '整条曲线测完后才有：请暂停并稍候。',
  'forgotten-now': '每张图下方：从哪个稀疏度起答案一直是错的（曲线测量的 {points} 个稀疏度之一）；{samples} 张测试图，第 {step} 步的网络。',
  'forgotten-stale': '这是较早的、第 {step} 步的网络；训练暂停时重新测量。',
  'forgotten-lost': '剪去 {sparsity}：{of} 张图中有 {lost} 张已过断点。',
  'forgotten-breaks': '{label}：从 {sparsity} 起一直错',
  'forgotten-is-lost': '{label}：从 {sparsity} 起一直错，现在已错',
  'forgotten-holds': '{label}：始终正确',
  'forgotten-uneven': '各类别受损不均：“{worst}”下降 {most} 个百分点，“{best}”下降 {least} 个百分点。',
  'forgotten-gains': '各类别受损不均：“{worst}”下降 {most} 个百分点，“{best}”反而上升 {least} 个百分点。',
  'forgotten-even': '没有哪一类比别的类多降十个百分点。',
  'forgotten-few': '每类的图像太少，无法比较各类别。',
  'forgotten-class': '类别',
  'forgotten-images': '图像',
  'forgotten-dense': '稀疏度 {sparsity} 时正确',
  'forgotten-total': '全部',
  'forgotten-confusion': '把什么认成什么',
  'forgotten-confusion-at': '稀疏度 {sparsity}：行为真实类别，列为答案。',
};

/** @param {import('../model/types.d.ts').Language} language */
export function forgottenWords(language) {
  return translate(language === 'zh-CN' ? zh : en);
}
