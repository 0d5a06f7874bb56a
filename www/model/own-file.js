// The name that own images have as one file: by it they are told from the files of other data sets.

export const OWN_FILE = 'own-images.safetensors';
