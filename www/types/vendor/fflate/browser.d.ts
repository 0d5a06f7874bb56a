// Workers load fflate from the page's own origin, where the build puts the package's file; the types are the package's.
export { Unzip, UnzipInflate } from 'fflate';
