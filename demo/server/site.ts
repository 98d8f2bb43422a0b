import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface SiteFile {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The whole site in memory, by URL path. It is small, and a path that is not in the map cannot reach the disk.
 * `{{PARLEY_HOST}}` in a page becomes the host that serves the widget.
 */
export async function loadSite(folder: string, parleyHost: string): Promise<ReadonlyMap<string, SiteFile>> {
  const site = new Map<string, SiteFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(await readFile(file));
    const isPage = extname(entry.name) === '.html';
    const body = isPage
      ? new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll('{{PARLEY_HOST}}', parleyHost))
      : bytes;
    const path = file.slice(folder.length).replace(/^\/*/, '/');
    site.set(path, { contentType, body });
    if (isPage) site.set(path.replace(/(index)?\.html$/, ''), { contentType, body });
  }
  return site;
}
