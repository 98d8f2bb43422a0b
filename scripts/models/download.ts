import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetUpError } from '../setup/set-up-error.mjs';

/** Nothing for this long: the connection is dead. */
const idleMs = 30_000;
/** An archive and what is unpacked of it, in archives. */
const roomFactor = 4;
/** No model of the catalogue is near it. */
const maxBytes = 4 * 1024 ** 3;

export interface DownloadOptions {
  readonly url: string;
  /** Where what has come is kept, also when the download breaks off: the next one goes on from there. */
  readonly file: string;
  readonly onProgress: (bytes: number, total: number | undefined) => void;
}

/** Fetches a file, or the rest of it. Resolves with its SHA-256. Throws {@link SetUpError} that says what to do. */
export async function download(options: DownloadOptions): Promise<string> {
  const { url, file } = options;
  const tagFile = `${file}.tag`;
  const have = await sizeOf(file);
  const tag = await readFile(tagFile, 'utf8').catch(() => undefined);
  // Without a tag it can't be known that the rest is the rest of the same file.
  const resume = have > 0 && tag !== undefined;
  const headers = resume ? { range: `bytes=${have}-`, 'if-range': tag } : {};
  const idle = new AbortController();
  const response = await request(url, { headers, signal: idle.signal }, idle);
  const from = response.status === 206 ? have : 0;
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    if (response.status !== 416) throw refused(url, response.status);
    // What is here is not a beginning of what is there.
    await forget(file);
    return download(options);
  }
  const nextTag = response.headers.get('etag');
  if (nextTag !== null && !nextTag.startsWith('W/')) await writeFile(tagFile, nextTag);
  else await rm(tagFile, { force: true });
  const total = totalOf(response, from);
  await checkRoom(file, (total ?? 0) - from, total ?? 0);
  await receive(response, from, total, options, idle);
  await rm(tagFile, { force: true });
  return sha256Of(file);
}

/** Removes what has come. */
export async function forget(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.tag`, { force: true });
}

async function request(url: string, init: RequestInit, idle: AbortController): Promise<Response> {
  const timer = setTimeout(() => idle.abort(), idleMs);
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new SetUpError(
      `${new URL(url).host} cannot be reached (${causeOf(cause)}). A model is fetched over the internet, once. Check the connection and run the same command again.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

async function receive(
  response: Response,
  from: number,
  total: number | undefined,
  { file, onProgress }: DownloadOptions,
  idle: AbortController,
): Promise<void> {
  const out = await open(file, from > 0 ? 'a' : 'w');
  let bytes = from;
  let timer: NodeJS.Timeout | undefined;
  try {
    onProgress(bytes, total);
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), idleMs);
      await out.write(chunk);
      bytes += chunk.length;
      if (bytes > Math.min(total ?? maxBytes, maxBytes)) throw new Error('more came than was announced');
      onProgress(bytes, total);
    }
    if (total !== undefined && bytes < total) throw new Error('the connection was closed');
  } catch (cause) {
    const share = total === undefined ? `${bytes} bytes` : `${bytes} of ${total} bytes`;
    throw new SetUpError(
      `The download broke off after ${share} (${causeOf(cause)}). Run the same command again: it goes on from there.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
    await out.close();
  }
}

function totalOf(response: Response, from: number): number | undefined {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 206) {
    if (range && Number(range[1]) === from) return Number(range[2]);
    throw new SetUpError('The server sent another part than it was asked for. Run the same command again.');
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}

async function checkRoom(file: string, missing: number, total: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(file));
  const needed = missing + (roomFactor - 1) * total;
  if (bavail * bsize >= needed) return;
  throw new SetUpError(
    `The disk of ${dirname(file)} has ${megabytes(bavail * bsize)} MB left, and ${megabytes(needed)} MB are needed. Make room, or choose another folder with --data.`,
  );
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function sizeOf(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.size ?? 0;
}

function refused(url: string, status: number): SetUpError {
  return new SetUpError(`${url} was answered with status ${status}. Is there a newer version of Parley?`);
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.message;
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
