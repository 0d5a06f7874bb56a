// What the cut buys in time and bytes: the words of its panel, by language. They come with it.

import { translate } from './translate.js';

/** @type {Record<string, string>} */
export const en = {
  'meter-promise': '{kept} of the weights and {macs} of the multiply-accumulates are left: on paper, {ratio} as fast.',
  'meter-measuring': 'Measuring, in turns…',
  'meter-waits': 'Measured when training rests.',
  'meter-failed': 'This cut could not be measured; the figures are of another one.',
  'meter-done': 'Forward passes of {images} images, timed here and now on {backend}: median of 15, and from the 5th to the 95th percentile.',
  'meter-way': 'Way',
  'meter-ms': 'ms',
  'meter-spread': 'spread',
  'meter-speed': 'as fast',
  'way-dense': 'Dense, before the cut',
  'way-masked': 'Masked: zeros in place',
  'way-compacted': 'Rebuilt without its removed filters',
  'way-sparse': 'Zeros skipped',
  'meter-masked-same': 'The masked network is no faster: it multiplies by zero as fast as by any other number. Only leaving work out saves time.',
  'meter-masked-noise': 'The masked network does the same work as the dense one; that it came out at {ratio} is this device’s noise.',
  rebuild: 'Go on with the smaller network',
  'rebuild-hint': 'The same function with fewer filters, dense again: it trains and runs at its own size',
  'meter-file': 'File',
  'meter-bytes': 'bytes',
  'meter-gzip': 'gzipped',
  'meter-smaller': 'smaller',
  'file-dense': 'Masked, all values',
  'file-csr': 'Compressed sparse rows',
  'file-bitmap': 'A bit a weight, and values',
};

/** @type {Record<string, string>} */
export const zh = {
  'meter-promise': '剩下 {kept} 的权重和 {macs} 的乘加运算：理论上快 {ratio}。',
  'meter-measuring': '正在轮流测量…',
  'meter-waits': '训练暂停时测量。',
  'meter-failed': '此剪枝未能测量；下列数值属于另一次剪枝。',
  'meter-done': '此时此地在{backend}上对 {images} 张图像做前向计算：15 次的中位数，以及第 5 至第 95 百分位数。',
  'meter-way': '方式',
  'meter-ms': '毫秒',
  'meter-spread': '范围',
  'meter-speed': '速度',
  'way-dense': '稠密（剪枝前）',
  'way-masked': '掩码：零仍在原处',
  'way-compacted': '去掉已移除的卷积核后重建',
  'way-sparse': '跳过零',
  'meter-masked-same': '掩码网络并不更快：乘以零与乘以任何数一样费时。只有省去的计算才节省时间。',
  'meter-masked-noise': '掩码网络与稠密网络的计算量相同；测得 {ratio} 只是此设备的噪声。',
  rebuild: '改用变小的网络继续',
  'rebuild-hint': '同一个函数，卷积核更少，重新成为稠密网络：按自身大小训练和运行',
  'meter-file': '文件',
  'meter-bytes': '字节',
  'meter-gzip': 'gzip 压缩后',
  'meter-smaller': '缩小',
  'file-dense': '掩码，全部数值',
  'file-csr': '压缩稀疏行（CSR）',
  'file-bitmap': '每个权重一位，加数值',
};

/** @param {import('../model/types.d.ts').Language} language */
export function meterWords(language) {
  return translate(language === 'zh-CN' ? zh : en);
}
