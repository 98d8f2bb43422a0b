import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../command.mjs';
import { showProgress } from '../progress.mjs';
import { SetUpError } from '../set-up-error.mjs';
import { installSystemPackages, missingPackages } from '../system-packages.mjs';

const subprojects = fileURLToPath(new URL('./subprojects', import.meta.url));

const buildPackages = [
  'g++',
  'meson',
  'ninja-build',
  'pkg-config',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
];

/**
 * Builds mediasoup-worker from the npm package's source against Debian's libraries; see README.md
 * here. Seven to eight minutes on two cores.
 *
 * @param {string} source `node_modules/mediasoup/worker`
 * @param {string} work A folder to build in.
 * @returns {Promise<string>} The binary.
 */
export async function buildWorker(source, work) {
  if (missingPackages(buildPackages).length > 0) {
    await installSystemPackages({
      purpose: 'a compiler and the libraries of the media worker',
      packages: buildPackages,
      elsewhere: `a C++20 compiler, meson, ninja, pkg-config, and libuv, OpenSSL, libsrtp2, abseil and flatbuffers with their headers; or set MEDIASOUP_WORKER_BIN`,
    });
  }
  const folder = join(work, 'worker');
  const build = join(folder, 'out', 'Release', 'build');
  await cp(source, folder, { recursive: true });
  await rm(join(folder, 'subprojects'), { recursive: true, force: true });
  await cp(subprojects, join(folder, 'subprojects'), { recursive: true });
  // Debian 12 has meson 1.0.1, which configures this project as well as the version asked for.
  await edit(join(folder, 'meson.build'), /meson_version\s*:\s*'[^']*'/, "meson_version: '>= 1.0.0'");
  // After a write the operation carries two flags. Compared for equality, the callback answers 1 in
  // place of the length written, and with Debian's OpenSSL the worker crashes on its first DTLS packet.
  await edit(
    join(folder, 'src', 'RTC', 'DtlsTransport.cpp'),
    /operationType == BIO_CB_RETURN/,
    'operationType & BIO_CB_RETURN',
  );
  await showProgress('Building the media worker (once; some minutes)', async (report) => {
    report('configuring');
    await runCommand('meson', ['setup', build, '--buildtype', 'release', '-Db_ndebug=true'], { cwd: folder });
    await runCommand('ninja', ['-C', build, 'mediasoup-worker'], {
      onLine: (line) => {
        const done = /^\[(\d+)\/(\d+)\]/.exec(line);
        if (done) report(`${done[1]} of ${done[2]} files`);
      },
    });
  });
  return join(build, 'mediasoup-worker');
}

/** @param {string} file @param {RegExp} pattern @param {string} replacement */
async function edit(file, pattern, replacement) {
  const text = await readFile(file, 'utf8');
  if (!pattern.test(text)) {
    throw new SetUpError(
      `${file} is not as the build expects it (${pattern}). This version of mediasoup needs scripts/setup/mediasoup looked over.`,
    );
  }
  await writeFile(file, text.replace(pattern, replacement));
}
