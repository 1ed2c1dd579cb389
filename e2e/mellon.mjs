// A site behind mod_auth_mellon, as Debian has it with Apache.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, temporaryFolder } from './kit.mjs';
import { NAMES, identityProvider, register } from './saml.mjs';
import { METHOD } from './walk.mjs';

const MODULES = '/usr/lib/apache2/modules';
/** Apache refuses to serve as root; nobody else's rights are needed. */
const NOBODY = 65534;

/** The one page behind the sign-in: it shows what the server was told of the visitor. */
const PAGE = `<!doctype html><html lang="hu"><meta charset="utf-8"><title>Titkos</title><h1>Titkos</h1>
<pre><!--#printenv --></pre></html>`;

/** Where a sign-out ends. */
const FAREWELL = '<!doctype html><html lang="hu"><meta charset="utf-8"><title>Viszlát</title><h1>Viszlát</h1></html>';

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
  MellonIdP IDP
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

/** Apache with mod_auth_mellon, run by nobody with a configuration of its own. */
export class Mellon {
  static async start(demo) {
    const site = new Mellon();
    const [port, idp] = await Promise.all([freePort(), identityProvider(demo)]);
    const folder = (site.folder = temporaryFolder());
    site.origin = `http://mellon.localhost:${port}`;
    for (const name of ['site', 'site/titkos', 'post']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'site/titkos/lap.html'), PAGE);
    writeFileSync(join(folder, 'site/viszlat.html'), FAREWELL);
    copyFileSync(idp.file, join(folder, 'idp.xml'));
    // Debian's script: a key, a certificate and metadata, named after the entity ID.
    execFileSync('/usr/sbin/mellon_create_metadata', [`${site.origin}/sp`, `${site.origin}/mellon`], { cwd: folder });
    for (const name of readdirSync(folder).filter((name) => name.startsWith('http_'))) {
      copyFileSync(join(folder, name), join(folder, `sp${name.slice(name.lastIndexOf('.'))}`));
    }
    site.metadata = readFileSync(join(folder, 'sp.xml'), 'utf8');
    writeFileSync(join(folder, 'httpd.conf'), configuration({ folder, port, origin: site.origin, idp, context: METHOD }));
    const identity = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    if (identity.uid) {
      chownSync(folder, NOBODY, NOBODY);
      for (const name of readdirSync(folder)) chownSync(join(folder, name), NOBODY, NOBODY);
      chmodSync(folder, 0o700);
    }
    site.process = spawn('/usr/sbin/apache2', ['-D', 'FOREGROUND', '-f', join(folder, 'httpd.conf')], { ...identity, stdio: ['ignore', 'pipe', 'pipe'] });
    site.log = '';
    site.ended = new Promise((done) => site.process.once('exit', (code, signal) => done(code ?? signal)));
    const serving = new Promise((done) => {
      for (const input of [site.process.stdout, site.process.stderr]) {
        createInterface({ input }).on('line', (line) => {
          site.log += `${line}\n`;
          if (line.includes('resuming normal operations')) done('serving');
        });
      }
    });
    assert.equal(await Promise.race([serving, site.ended]), 'serving', site.log);
    site.registered = register(demo, site.metadata, '--min-level', '2');
    return site;
  }

  /** The page behind the sign-in. */
  get secret() {
    return `${this.origin}/titkos/lap.html`;
  }

  /** Where mellon begins a sign-out that ends at `farewell`. */
  get signOut() {
    return `${this.origin}/mellon/logout?${new URLSearchParams({ ReturnTo: this.farewell })}`;
  }

  get farewell() {
    return `${this.origin}/viszlat.html`;
  }

  async stop() {
    this.process.kill('SIGTERM');
    assert.equal(await this.ended, 0, this.log);
    rmSync(this.folder, { recursive: true });
  }
}
