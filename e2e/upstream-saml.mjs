// A SAML identity provider that nobody here wrote (PyPI pysaml2), as a ministry or a university has one.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './kit.mjs';
import { startPython } from './python.mjs';
import { keyPair } from './saml.mjs';

/**
 * Starts an identity provider. `accounts` are attributes by user name, with `sub` and possibly `context` among them; to
 * know the user name is enough to sign in. Its metadata is there at once; before the first request comes, `trust` tells
 * it the metadata of the service that may ask.
 */
export async function startSamlIdentityProvider({ accounts }) {
  const folder = temporaryFolder();
  const [metadataFile, serviceFile] = [join(folder, 'idp.xml'), join(folder, 'service.xml')];
  const { keyFile, certificateFile } = keyPair(folder, 'pysaml2-idp.localhost');
  const words = [serviceFile, keyFile, certificateFile];
  const { origin, metadata, stop } = await startPython('saml-pysaml2-idp.py', words, JSON.stringify(accounts));
  writeFileSync(metadataFile, metadata);
  return {
    folder,
    origin,
    entityId: `${origin}/metadata`,
    metadata,
    metadataFile,
    trust: (serviceMetadata) => writeFileSync(serviceFile, serviceMetadata),
    async close() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
