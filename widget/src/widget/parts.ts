// Files that are not needed on every page: the texts of a language, and what is behind the menu and after the end.

import type { Words } from "../i18n/visitor/es.ts";

declare const PARTS_VERSION: string;

interface Parts {
  spanish: { default(tag: string): Words };
  english: { default(tag: string): Words };
  more: typeof import("./more.ts");
}

/** Loads a file that stands beside this one. The address carries the hash of the files, so that a browser may keep them for good. */
export function part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  return import(new URL(`widget-${name}.js?v=${PARTS_VERSION}`, import.meta.url).href) as Promise<Parts[Name]>;
}
