// Apache with mod_auth_mellon, as Debian has it: the usual way to put a whole site behind a sign-in.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Demo, freePort, launch, open, press, temporaryFolder } from './kit.mjs';
import { NAMES, identityProvider, register, someone } from './saml.mjs';
import { METHOD } from './walk.mjs';

const MODULES = '/usr/lib/apache2/modules';
/** Apache refuses to serve as root; nobody else's rights are needed. */
const NOBODY = 65534;
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

/** The one page behind the sign-in: it shows what the server was told of the visitor. */
const PAGE = `<!doctype html><html lang="hu"><meta charset="utf-8"><title>Titkos</title><h1>Titkos</h1>
<pre><!--#printenv --></pre></html>`;

const configuration = ({ folder, port, origin, idp, context }) => `
ServerRoot ${folder}
ServerName ${origin}
UseCanonicalName On
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
# Standard error is where a test reads; a file of its own would have to be watched.
ErrorLog "|/bin/cat"
LoadModule mpm_event_module ${MODULES}/mod_mpm_event.so
LoadModule authn_core_module ${MODULES}/mod_authn_core.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
LoadModule authz_user_module ${MODULES}/mod_authz_user.so
LoadModule filter_module ${MODULES}/mod_filter.so
LoadModule include_module ${MODULES}/mod_include.so
LoadModule auth_mellon_module ${MODULES}/mod_auth_mellon.so
MellonLockFile ${folder}/lock
MellonPostDirectory ${folder}/post
DocumentRoot ${folder}/site
<Location />
  MellonEnable info
  MellonEndpointPath /mellon
  MellonSPMetadataFile ${folder}/sp.xml
  MellonSPPrivateKeyFile ${folder}/sp.key
  MellonSPCertFile ${folder}/sp.cert
  MellonIdPMetadataFile ${folder}/idp.xml
  # The answer is posted from another site, to which browsers bring no other cookies along.
  MellonSecureCookie On
  MellonCookieSameSite none
  MellonSetEnvNoPrefix NEV ${NAMES.displayName}
  MellonSetEnvNoPrefix SZINT ${idp.entityId.replace('/saml/metadata', '/attributes/LevelOfAssurance')}
</Location>
<Location /titkos>
  AuthType Mellon
  MellonEnable auth
  MellonAuthnContextClassRef ${context}
  Require valid-user
  Options +Includes
  ForceType text/html
  SetOutputFilter INCLUDES
</Location>
`;

/** Apache, run by nobody with a configuration of its own. */
class Apache {
  static async start(demo) {
    const apache = new Apache();
    const [port, idp] = await Promise.all([freePort(), identityProvider(demo)]);
    const folder = (apache.folder = temporaryFolder());
    apache.origin = `http://mellon.localhost:${port}`;
    for (const name of ['site', 'site/titkos', 'post']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'site/titkos/index.html'), PAGE);
    copyFileSync(idp.file, join(folder, 'idp.xml'));
    // Debian's script: a key, a certificate and metadata, named after the entity ID.
    execFileSync('/usr/sbin/mellon_create_metadata', [`${apache.origin}/sp`, `${apache.origin}/mellon`], { cwd: folder });
    for (const name of readdirSync(folder).filter((name) => name.startsWith('http_'))) {
      copyFileSync(join(folder, name), join(folder, `sp${name.slice(name.lastIndexOf('.'))}`));
    }
    apache.metadata = readFileSync(join(folder, 'sp.xml'), 'utf8');
    writeFileSync(join(folder, 'httpd.conf'), configuration({ folder, port, origin: apache.origin, idp, context: METHOD }));
    const identity = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    if (identity.uid) {
      chownSync(folder, NOBODY, NOBODY);
      for (const name of readdirSync(folder)) chownSync(join(folder, name), NOBODY, NOBODY);
      chmodSync(folder, 0o700);
    }
    apache.process = spawn('/usr/sbin/apache2', ['-D', 'FOREGROUND', '-f', join(folder, 'httpd.conf')], { ...identity, stdio: ['ignore', 'pipe', 'pipe'] });
    apache.log = '';
    apache.ended = new Promise((done) => apache.process.once('exit', (code, signal) => done(code ?? signal)));
    const serving = new Promise((done) => {
      for (const input of [apache.process.stdout, apache.process.stderr]) {
        createInterface({ input }).on('line', (line) => {
          apache.log += `${line}\n`;
          if (line.includes('resuming normal operations')) done('serving');
        });
      }
    });
    assert.equal(await Promise.race([serving, apache.ended]), 'serving', apache.log);
    return apache;
  }

  async stop() {
    this.process.kill('SIGTERM');
    assert.equal(await this.ended, 0, this.log);
    rmSync(this.folder, { recursive: true });
  }
}

describe('a site behind mod_auth_mellon', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const script of [true, false]) {
    it(`lets a person in with both factors, and nobody who goes back, ${script ? 'with' : 'without'} scripts`, async (t) => {
      const demo = await Demo.start();
      t.after(() => demo.stop());
      const apache = await Apache.start(demo);
      t.after(() => apache.stop());
      assert.match(register(demo, apache.metadata, '--min-level', '2'), new RegExp(`registered ${apache.origin}/sp`));
      const { page, close } = await open(browser, { script });
      const { walk, account, family, given } = someone(demo, page);
      /** What mellon says of the answer that these steps lead to. */
      const statusOf = async (steps) => {
        const answered = page.waitForResponse((response) => response.url().endsWith('/mellon/postResponse'));
        const walked = async () => {
          await steps();
          if (!script) await press(page, walk.words.backToPortal);
        };
        const [answer] = await Promise.all([answered, walked()]);
        await page.waitForURL((url) => url.origin === apache.origin);
        return answer.status();
      };

      await page.goto(`${apache.origin}/titkos/`);
      assert.equal(await statusOf(() => press(page, walk.words.goBack)), 401, apache.log);

      await page.goto(`${apache.origin}/titkos/`);
      assert.equal(await statusOf(() => walk.giveBoth()), 303, apache.log);
      await page.waitForURL(`${apache.origin}/titkos/`);
      const told = Object.fromEntries((await page.locator('pre').innerText()).split('\n').map((line) => line.split(/=(.*)/s)));
      assert.equal(told.NEV, account.name);
      assert.equal(told.SZINT, 'http://eidas.europa.eu/NotNotified/LoA/low');
      assert.equal(told[`MELLON_${NAMES.sn}`], family);
      assert.equal(told[`MELLON_${NAMES.givenName}`], given);
      assert.equal(told.MELLON_IDP, demo.at('kau', '/saml/metadata'));
      assert.match(told.MELLON_NAME_ID, /^_[0-9a-f]{40}$/);
      assert.equal(told.AUTH_TYPE, 'Mellon');
      await close();
    });
  }
});
