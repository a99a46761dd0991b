/** Put in by the build. */
declare const WELLSPRING_VERSION: string | undefined;

/** The version of package.json; `unbuilt` outside a bundle. */
export const version = typeof WELLSPRING_VERSION === 'string' ? WELLSPRING_VERSION : 'unbuilt';
