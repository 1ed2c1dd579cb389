// A service by node-saml, the library of most services that run on Node.

import http from 'node:http';
import { SAML } from '@node-saml/node-saml';
import { identityProvider, keyPair, register } from './saml.mjs';
import { METHOD } from './walk.mjs';

export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
/** Where the service goes on. node-saml writes a space otherwise than it signs it, so a signed request has none. */
export const BACK = '/lap?szám=2&nyelv=hu';

/** What is everywhere in the pages of the service. */
const page = (body) => `<!doctype html><html lang="hu"><title>Próba</title><h1>Próba</h1>${body}</html>`;
const shown = (value) => `<pre>${JSON.stringify(value).replace(/[&<]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</pre>`;

/** A service by node-saml. What it understood of an answer is on the page that shows it. */
export class NodeSaml {
  static async start(demo, options = {}, ...terms) {
    const service = new NodeSaml();
    service.server = http.createServer((request, response) => service.#serve(request, response));
    await new Promise((done) => service.server.listen(0, '127.0.0.1', done));
    service.origin = `http://sp.localhost:${service.server.address().port}`;
    const idp = await identityProvider(demo);
    const { certificate, decryptionCertificate, ...chosen } = options;
    service.options = {
      issuer: service.origin,
      callbackUrl: `${service.origin}/acs`,
      entryPoint: idp.at('SingleSignOnService', chosen.authnRequestBinding ?? 'HTTP-Redirect'),
      idpCert: idp.certificates,
      // What is to end a session has to be signed.
      ...(chosen.privateKey && { logoutUrl: idp.at('SingleLogoutService', 'HTTP-Redirect'), logoutCallbackUrl: `${service.origin}/slo` }),
      ...chosen,
    };
    service.saml = new SAML(service.options);
    service.registered = register(demo, service.saml.generateServiceProviderMetadata(decryptionCertificate, certificate), ...terms);
    return service;
  }

  /** The same library, the same memory of requests, and a wish for a sign-in of now. */
  get #forcing() {
    return new SAML({ ...this.options, forceAuthn: true, cacheProvider: this.saml.cacheProvider });
  }

  async #serve(request, response) {
    const html = (body) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
    const goTo = (location) => response.writeHead(302, { location }).end();
    const parts = [];
    for await (const part of request) parts.push(part);
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
    switch (request.url) {
      case '/':
      case '/?force': {
        const saml = request.url === '/' ? this.saml : this.#forcing;
        if (this.options.authnRequestBinding === 'HTTP-POST') return html(await saml.getAuthorizeFormAsync(BACK, undefined));
        return goTo(await saml.getAuthorizeUrlAsync(BACK, undefined, {}));
      }
      case '/acs':
        return html(page(shown(await this.#understood(fields))));
      case '/ki':
        return goTo(await this.saml.getLogoutUrlAsync(this.profile, BACK, {}));
      case '/slo':
        if (fields.SAMLRequest) return goTo(await this.#obeyed(fields));
        return html(page(shown(await this.saml.validatePostResponseAsync(fields))));
      default:
        return response.writeHead(404).end();
    }
  }

  /** Ends the session that a request names, and tells where the answer goes. */
  async #obeyed(fields) {
    const { profile } = await this.saml.validatePostRequestAsync(fields);
    const isOwn = profile.nameID === this.profile?.nameID && profile.sessionIndex === this.profile.sessionIndex;
    if (isOwn) this.profile = undefined;
    return this.saml.getLogoutResponseUrlAsync(profile, fields.RelayState, {}, isOwn);
  }

  async #understood(fields) {
    try {
      const { profile } = await this.saml.validatePostResponseAsync(fields);
      this.profile = profile;
      const [statement] = profile.getAssertion().Assertion.AuthnStatement;
      const context = statement.AuthnContext[0].AuthnContextClassRef[0]._;
      const instant = statement.$.AuthnInstant;
      return { profile, context, instant, relayState: fields.RelayState, isEncrypted: profile.getSamlResponseXml().includes('EncryptedAssertion') };
    } catch (error) {
      return { error: error.message, relayState: fields.RelayState };
    }
  }

  /** What node-saml understood of the answer that the page shows. */
  async understood(page, path = '/acs') {
    await page.waitForURL(this.origin + path);
    return JSON.parse(await page.locator('pre').innerText());
  }

  stop() {
    this.server.close();
  }
}

/** What the library demands when all that it can is demanded. */
export function hardened(demo) {
  const [signing, decryption] = ['alairas', 'titkositas'].map((name) => keyPair(demo.data, `${name}.sp.localhost`));
  return {
    privateKey: signing.key,
    certificate: signing.certificate,
    decryptionPvk: decryption.key,
    decryptionCertificate: decryption.certificate,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    validateInResponseTo: 'always',
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    identifierFormat: PERSISTENT,
    authnContext: [METHOD],
    idpIssuer: demo.at('kau', '/saml/metadata'),
  };
}
