// What the cut buys in time and bytes: the words of its button, by language. Those of its panel come with that.

/** @type {Record<string, string>} */
export const en = {
  meter: 'fewer weights…',
  'meter-hint': 'Time the network dense, masked, rebuilt smaller and skipping zeros, and weigh its files',
  'meter-title': 'What this cut really buys',
};

/** @type {Record<string, string>} */
export const zh = {
  meter: '权重减少…',
  'meter-hint': '分别测量稠密、掩码、重建变小和跳过零的网络的耗时，并称量其文件',
  'meter-title': '这次剪枝真正换来了什么',
};
