// A SAML identity provider that nobody here wrote (PyPI pysaml2), as a ministry or a university has one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchLocal, firstLine, temporaryFolder } from './kit.mjs';
import { keyPair } from './saml.mjs';

const PYTHON = process.env.KAPU_PYTHON;
assert.ok(PYTHON, 'KAPU_PYTHON names a Python that has e2e/requirements.txt; ./test sets it');

const SCRIPT = fileURLToPath(new URL('saml-pysaml2-idp.py', import.meta.url));

/**
 * Starts an identity provider. `accounts` are attributes by user name, with `sub` and possibly `context` among them; to
 * know the user name is enough to sign in. Its metadata is there at once; before the first request comes, `trust` tells
 * it the metadata of the service that may ask.
 */
export async function startSamlIdentityProvider({ accounts }) {
  const folder = temporaryFolder();
  const [metadataFile, serviceFile] = [join(folder, 'idp.xml'), join(folder, 'service.xml')];
  const { keyFile, certificateFile } = keyPair(folder, 'pysaml2-idp.localhost');
  const python = spawn(PYTHON, [SCRIPT, serviceFile, keyFile, certificateFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => python.once('exit', (code, signal) => done(code ?? signal)));
  python.stdin.end(JSON.stringify(accounts));
  const origin = await firstLine(python, ended, () => true);
  assert.equal(typeof origin, 'string', `pysaml2 ended (${origin.end})`);
  const metadata = await (await fetchLocal(`${origin}/metadata`)).text();
  writeFileSync(metadataFile, metadata);
  return {
    folder,
    origin,
    entityId: `${origin}/metadata`,
    metadata,
    metadataFile,
    trust: (serviceMetadata) => writeFileSync(serviceFile, serviceMetadata),
    async close() {
      python.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
