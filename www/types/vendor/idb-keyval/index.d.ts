// The page loads idb-keyval from its own origin, where the build puts the package's file; the types are the package's.
export * from 'idb-keyval';
