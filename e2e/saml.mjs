// What relying software that speaks SAML needs in a test: keys, Kapu's metadata, and its own at Kapu.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authenticator, fetchLocal } from './kit.mjs';
import { Walk } from './walk.mjs';

/** The names of attributes on the wire (X.520 and RFC 2798, as the X.500 attribute profile writes them). */
export const NAMES = {
  sn: 'urn:oid:2.5.4.4',
  givenName: 'urn:oid:2.5.4.42',
  displayName: 'urn:oid:2.16.840.1.113730.3.1.241',
};

/** Bindings of SAML by their usual short names. */
const BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:';

/** A key of a service's and a certificate around it, as files and as PEM. */
export function keyPair(folder, name) {
  const [keyFile, certificateFile] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certificateFile, ...subject], { stdio: 'pipe' });
  return { keyFile, certificateFile, key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
}

/** What Kapu's metadata says, and the file that it was kept in. */
export async function identityProvider(demo) {
  const address = demo.at('kau', '/saml/metadata');
  const answer = await fetchLocal(address);
  assert.equal(answer.headers.get('content-type'), 'application/samlmetadata+xml');
  const xml = await answer.text();
  const file = join(demo.data, 'kapu-metadata.xml');
  writeFileSync(file, xml);
  const tags = (name) => [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>`, 'g'))].map(([tag]) => tag);
  const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  const at = (service, binding) => attribute(tags(service).find((tag) => attribute(tag, 'Binding') === BINDING + binding), 'Location');
  return {
    file,
    entityId: attribute(tags('EntityDescriptor')[0], 'entityID'),
    certificates: [...xml.matchAll(/<(?:\w+:)?X509Certificate>([^<]+)</g)].map(([, base64]) => base64.replace(/\s/g, '')),
    at,
  };
}

/** Registers a service from its metadata, anew if need be, and tells what the command said. */
export function register(demo, xml, ...options) {
  const file = join(demo.data, 'service.xml');
  writeFileSync(file, xml);
  return demo.command('service', 'import', file, '--replace', ...options);
}

/** Somebody with an active authenticator, on the way. */
export function someone(demo, page) {
  const account = demo.withAuthenticator();
  const walk = new Walk({ demo, page, account });
  walk.authenticator = new Authenticator(account.totp_secret);
  const [family, given] = account.name.split(' ');
  return { walk, account, family, given };
}
