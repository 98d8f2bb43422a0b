import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = join(tmpdir(), `parley-test-tls-${process.getuid?.() ?? 0}`);
const certificate = join(folder, 'localhost.crt');
const trusted = join(folder, 'trusted.crt');
const key = join(folder, 'localhost.key');

/** A certificate of this machine, made at its first use. */
export function testCertificate() {
  if (!existsSync(certificate)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = spawnSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=localhost
       -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${key} -out ${certificate}`.split(/\s+/),
    );
    if (made.status !== 0) throw new Error(`openssl could not make a certificate: ${String(made.stderr)}`);
  }
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

/** To be called before workerd is loaded: it then trusts the certificate beside those that it trusts already. */
export function trustTestCertificate() {
  const { cert } = testCertificate();
  const before = process.env['NODE_EXTRA_CA_CERTS'];
  if (before === trusted) return;
  const others = before !== undefined && existsSync(before) ? readFileSync(before, 'utf8') : '';
  writeFileSync(trusted, `${others}\n${String(cert)}`);
  process.env['NODE_EXTRA_CA_CERTS'] = trusted;
}
