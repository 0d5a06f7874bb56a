// What it runs on, and what is being loaded: every word of it, by language.

/** @type {Record<string, string>} */
export const en = {
  'backend-loading': 'Loading…',
  'backend-hint': 'What computes, and why',
  'backend-cpu-short': 'CPU',
  'backend-webgpu-short': 'WebGPU',
  'backend-webgpu-software': 'WebGPU (software)',
  device: 'Device',
  memory: 'WebAssembly memory',
  'reason-asked': 'Runs where you asked it to.',
  'reason-asked-software': 'WebGPU was asked for. The adapter is a software adapter: it computes on the CPU, and slower than the CPU bundle does.',
  'reason-hardware': 'A hardware WebGPU adapter was found.',
  'reason-software': 'The only WebGPU adapter is a software adapter, which is slower than the CPU bundle, so the CPU is used.',
  'reason-no-webgpu': 'This browser has no WebGPU, so the CPU is used.',
  'reason-no-adapter': 'This browser has WebGPU but no adapter for it, so the CPU is used.',
  'reason-no-timestamps': 'The WebGPU adapter lacks timestamp queries, which the GPU runtime needs, so the CPU is used.',
  'reason-failed': 'WebGPU did not start or computed wrongly, so the CPU is used. ({detail})',
  'webgpu-refused': 'WebGPU was asked for but can not be used. {reason}',

  loading: 'Loading…',
  preparing: 'Preparing the data and the network…',
  restarting: 'Starting again from the last checkpoint…',
  compiling: 'Compiling {total}…',
  'downloading-bundle': 'Loading the trainer: {loaded} of {total}',
  'downloading-data': 'Loading the data: {loaded} of {total}',
};

/** @type {Record<string, string>} */
export const zh = {
  'backend-loading': '加载中…',
  'backend-hint': '由什么计算，以及原因',
  'backend-cpu-short': 'CPU',
  'backend-webgpu-short': 'WebGPU',
  'backend-webgpu-software': 'WebGPU（软件）',
  device: '设备',
  memory: 'WebAssembly 内存',
  'reason-asked': '按您的选择运行。',
  'reason-asked-software': '按您的选择使用 WebGPU。该适配器是软件适配器：它在 CPU 上计算，而且比 CPU 版本更慢。',
  'reason-hardware': '找到了硬件 WebGPU 适配器。',
  'reason-software': '唯一的 WebGPU 适配器是软件适配器，比 CPU 版本慢，因此使用 CPU。',
  'reason-no-webgpu': '此浏览器不支持 WebGPU，因此使用 CPU。',
  'reason-no-adapter': '此浏览器支持 WebGPU，但没有可用的适配器，因此使用 CPU。',
  'reason-no-timestamps': 'WebGPU 适配器缺少 GPU 运行时所需的时间戳查询，因此使用 CPU。',
  'reason-failed': 'WebGPU 未能启动或计算有误，因此使用 CPU。（{detail}）',
  'webgpu-refused': '您选择了 WebGPU，但无法使用。{reason}',

  loading: '加载中…',
  preparing: '正在准备数据和网络…',
  restarting: '正在从上一个检查点重新启动…',
  compiling: '正在编译 {total}…',
  'downloading-bundle': '正在加载训练程序：{loaded} / {total}',
  'downloading-data': '正在加载数据：{loaded} / {total}',
};
