/** What the build says of a site; see xtask/src/version.rs. */
declare const SITE: {
  version: string;
  /** Digests of the files whose addresses are the same in every version. */
  pages: Record<string, string>;
  /** Digests of the files in the version's folder. */
  files: Record<string, string>;
  /** The files of the folder without which the page does not work. */
  shell: string[];
};
