// What the data sets have pictures of: by data set and place among its classes. Digits need no words, and own images have their folders'.

const SHAPES = ['circle', 'square', 'triangle', 'cross', 'ring', 'star', 'diamond', 'horizontal stripes', 'vertical stripes', 'checkerboard'];
const CIFAR = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const FASHION = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

/**
 * @param {string} dataset
 * @param {string[]} names
 * @returns {Record<string, string>}
 */
function named(dataset, names) {
  return Object.fromEntries(names.map((name, i) => [`class-${dataset}-${i}`, name]));
}

/** @type {Record<string, string>} */
export const en = { ...named('shapes', SHAPES), ...named('cifar-10', CIFAR), ...named('fashion-mnist', FASHION) };

/** @type {Record<string, string>} */
export const zh = {
  ...named('shapes', ['圆形', '正方形', '三角形', '十字', '圆环', '星形', '菱形', '横条纹', '竖条纹', '棋盘格']),
  ...named('cifar-10', ['飞机', '汽车', '鸟', '猫', '鹿', '狗', '青蛙', '马', '船', '卡车']),
  ...named('fashion-mnist', ['T恤/上衣', '裤子', '套头衫', '连衣裙', '外套', '凉鞋', '衬衫', '运动鞋', '包', '短靴']),
};
