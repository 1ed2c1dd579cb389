// How a link gets in: by the camera, pasted, or as a short code.

import { Problem, actions, button, el, field, form, paragraph } from './dom.js';
import { Fault, demand } from './fault.js';
import { jsonObject, text } from './base64url.js';
import { faultText } from './words.js';
import { readLink } from './link.js';

export const read = readLink;

/** How long the camera rests between two looks, in milliseconds. */
const LOOK_MILLISECONDS = 250;
/** The side of a picture that our server reads, in pixels. */
const PICTURE_SIDE = 352;

/** The page for it. */
export async function link(app, _, told) {
  const { say } = app;
  const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);
  app.show(
    say('wallet_link_heading'),
    [
      hasCamera
        ? actions(button(say('wallet_scan'), () => scan(app)))
        : paragraph(say('wallet_no_scan'), 'note'),
      form({
        words: app.formWords,
        fields: [field({ id: 'hivatkozas', label: say('wallet_link'), hint: say(app.shortCodes ? 'wallet_link_hint_code' : 'wallet_link_hint') })],
        send: say('wallet_next'),
        more: [button(say('wallet_to_home'), () => app.go('home'), { second: true })],
        onsend: async ({ hivatkozas }) => {
          try {
            const found = readLink(hivatkozas);
            app.awaits(hivatkozas);
            await app.follow(found);
          } catch (fault) {
            app.tell('');
            app.dealtWith();
            if (!['link', 'link_empty', 'too_long', 'malformed', 'address', 'unknown_place', 'gone'].includes(fault?.code)) throw fault;
            throw new Problem('hivatkozas', say(faultText(fault)));
          }
        },
      }),
    ],
    told,
  );
}

/**
 * What a short code stands for: at its address is an offer or a signed request, as both standards have them by
 * reference, or `{ request }` with the link that a picture would have held.
 */
export async function resolve(app, code) {
  demand(app.shortCodes, 'link', 'there are no short codes here');
  const where = `${app.shortCodes}${code}`;
  const answer = await app.net.send(where, { headers: { accept: 'application/json, application/oauth-authz-req+jwt' } });
  demand(answer.ok, [404, 410].includes(answer.status) ? 'gone' : 'refused', `the short code: ${answer.status}`);
  const isOffer = /^application\/json\b/i.test(answer.headers.get('content-type') ?? '');
  if (!isOffer) return { request: text(answer.body).trim() };
  const offer = jsonObject(answer.body);
  return typeof offer.request === 'string' ? readLink(offer.request) : { offer };
}

/** Reads QR codes: the browser where it can, else our server. */
async function reader(net) {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (!formats?.includes('qr_code')) return (video) => readByServer(net, video);
  const detector = new globalThis.BarcodeDetector({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
}

/** The middle of what the camera sees, with four bits for the brightness of each point. */
async function readByServer(net, video) {
  const { videoWidth: width, videoHeight: height } = video;
  const side = Math.min(width, height);
  if (!side) return undefined;
  const canvas = el('canvas', { width: PICTURE_SIDE, height: PICTURE_SIDE });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, PICTURE_SIDE, PICTURE_SIDE);
  const { data } = pen.getImageData(0, 0, PICTURE_SIDE, PICTURE_SIDE);
  const shade = (pixel) => (data[4 * pixel] + 2 * data[4 * pixel + 1] + data[4 * pixel + 2]) >> 6;
  return net.readPicture(Uint8Array.from({ length: data.length / 8 }, (_, index) => (shade(2 * index) << 4) | shade(2 * index + 1)));
}

/** Looks through the camera until it sees a code. */
async function scan(app) {
  const { say } = app;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).catch(() => {
    throw new Fault('camera');
  });
  const video = el('video', { class: 'qr', playsinline: true, 'aria-label': say('wallet_scan_picture') });
  video.muted = true;
  video.srcObject = stream;
  let isHere = true;
  app.show(say('wallet_scan_heading'), [paragraph(say('wallet_scan_lead'), 'lead'), video, actions(button(say('wallet_back'), () => app.go('link'), { second: true }))]);
  app.leaving = () => {
    isHere = false;
    stream.getTracks().forEach((track) => track.stop());
  };
  // Until the first picture is there, looking finds nothing.
  video.play().catch(() => {});
  const readFrom = await reader(app.net);
  const look = async () => {
    // A look that fails sees nothing; the next may.
    const seen = isHere ? await readFrom(video).catch(() => undefined) : undefined;
    if (!isHere) return;
    if (seen) {
      const found = readLink(seen);
      app.awaits(seen);
      await app.follow(found);
    } else {
      setTimeout(look, LOOK_MILLISECONDS);
    }
  };
  look();
}
