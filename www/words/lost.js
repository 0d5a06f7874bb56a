// What is said where the words themselves could not be loaded: it comes with the widget, in both languages.

/** @import {Language} from '../model/types.d.ts' */

/** @type {Record<Language, {sentence: string, retry: string}>} */
export const LOST = {
  en: { sentence: 'The words of this page could not be loaded. Check the connection, then try again.', retry: 'Try again' },
  'zh-CN': { sentence: '无法加载此页面的文字。请检查网络连接，然后重试。', retry: '重试' },
};
