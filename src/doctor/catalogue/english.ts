import type { ApiName } from '../findings.ts';
import { apiName, type Catalogue, showTime } from './catalogue.ts';

const links: Catalogue['links'] = {
  settings: 'settings',
  port: 'port',
  runtime: 'runtime',
  login: 'login',
  'base-url': 'base URL',
  models: 'model list',
  text: 'text',
  tools: 'tools',
  images: 'images',
};

const rules = {
  auto: 'the first usable one in order',
  newest: 'the one with the newest file',
  longest: 'the one that is valid the longest',
} as const;

const openRuntime = 'Open the QoderCN or Lingma app, and wait until it has started.';
const signIn = 'Sign in to Lingma or QoderCN; the new login is found by itself.';
const correctBaseUrl = 'Correct remote_base_url, or clear it to have the address detected.';
const seeLog = 'Look at what the log of Lingma Proxy says about it, then run the doctor again.';
const name = (api: ApiName) => apiName(api, 'all APIs');
const until = (expires: string) => (expires === '' ? '' : ` It is valid until ${showTime(expires)}.`);
const named = (source: string) => `The address comes from: ${source}.`;
const of = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The report in English. */
export const english: Catalogue = {
  sections: {
    settings: 'Settings',
    installation: 'Installation',
    port: 'Port',
    network: 'Proxies on the way out',
    runtime: 'Local runtime (Lingma / QoderCN)',
    login: 'Login',
    remote: 'Remote API',
    models: 'Model list',
    requests: 'Requests',
  },
  links,
  summary: {
    heading: (version) => `Lingma Proxy ${version} · doctor`,
    chain: 'What an answer needs, in order',
    firstBroken: (link, title) => `First broken link: ${link}. ${title}.`,
    allHolds: 'Every link that was tried holds.',
    counts: (errors, warnings) =>
      errors + warnings === 0
        ? 'Nothing to put right.'
        : [errors > 0 ? of(errors, 'error') : '', warnings > 0 ? of(warnings, 'warning') : '']
            .filter((part) => part !== '')
            .join(', '),
  },
  findings: {
    'settings.fine': ({ given, file }) => ({
      title: file === '' ? 'Settings are in order' : `Settings are in order, read from ${file}`,
      detail: given === '' ? 'All of them are the defaults.' : `Not the default: ${given}.`,
    }),
    'settings.warning': ({ warning }) => ({
      title: 'Something in the settings is odd',
      detail: warning,
      nextStep: 'Put it right in the settings.',
    }),
    'settings.unusable': ({ problem }) => ({
      title: 'The proxy cannot start with these settings',
      detail: problem,
      nextStep: 'Correct the setting.',
    }),
    'settings.readable-by-others': ({ source }) => ({
      title: `Other users of this computer can read ${source}`,
      detail: 'It holds a key or a password of this proxy.',
      nextStep: `Make it yours alone: chmod 600 '${source}'`,
    }),

    'node.fine': ({ version }) => ({ title: `Node.js ${version}` }),
    'node.too-old': ({ version, needed }) => ({
      title: `Node.js ${version} is older than what this program is tested with`,
      nextStep: `Install Node.js ${needed} or newer.`,
    }),
    'images-library.fine': () => ({ title: 'Images can be read and scaled' }),
    'images-library.missing': ({ reason }) => ({
      title: 'Images cannot be read',
      detail: reason,
      nextStep: 'Run “npm install sharp” beside the program, or install it anew for this kind of computer.',
    }),
    'place.local': ({ platform }) => ({ title: `Runs on this computer (${platform})` }),
    'place.wsl': ({ distribution }) => ({
      title: `Runs inside WSL (${distribution})`,
      detail:
        'A Lingma on the Windows side is not seen from here. Its login is, once cache_dir names its folder, such as /mnt/c/Users/NAME/.lingma.',
    }),
    'place.container': () => ({
      title: 'Runs inside a container',
      detail:
        'Only what is mounted is found here: mount the login cache read-only, or name a credentials file.',
    }),
    'place.remote': ({ kind }) => ({
      title: `Runs on a remote computer (${kind})`,
      detail: 'A runtime or login on the computer that you sit at is not seen from here.',
    }),

    'port.any': () => ({ title: 'Any free port is taken' }),
    'port.free': ({ host, port }) => ({
      title: `Port ${port} on ${host} is free; no proxy runs there now`,
      nextStep: 'Start Lingma Proxy when you want to use it.',
    }),
    'port.ours': ({ url, version, backend }) => ({
      title: `Lingma Proxy ${version} runs on ${url} (backend ${backend}) and is asked as it is`,
    }),
    'port.other-backend': ({ backend, configured }) => ({
      title: `The running proxy uses the backend ${backend}; the settings say ${configured}`,
      detail: 'What follows is about the one that it uses.',
      nextStep: 'Restart it if it should follow the settings.',
    }),
    'port.other-proxy': ({ url, version }) => ({
      title: `Another Lingma Proxy (${version}) runs on ${url} and asks for a key that is not ours`,
      detail:
        'It may belong to another window or user. Clients that are set up for this address reach that one.',
      nextStep: 'Set its API key here as well, or choose another port.',
    }),
    'port.taken': ({ host, port, holder, free }) => ({
      title: `Port ${port} on ${host} is taken by ${holder === '' ? 'another program' : holder}`,
      nextStep:
        free === 0 ? 'Stop that program, or choose another port.' : `Stop that program, or use port ${free}.`,
    }),
    'port.no-answer': ({ url }) => ({
      title: `The proxy that should run on ${url} does not answer`,
      detail: 'What follows is asked through another one, started for the occasion.',
      nextStep: 'Restart Lingma Proxy.',
    }),
    'port.forbidden': ({ port }) => ({
      title: `This user may not listen on port ${port}`,
      nextStep: 'Choose a port above 1023.',
    }),
    'port.no-such-address': ({ host }) => ({
      title: `${host} is not an address of this computer`,
      nextStep: 'Listen on 127.0.0.1, which always works.',
    }),

    'proxy.none': () => ({ title: 'None is set' }),
    'proxy.in-use': ({ url, source }) => ({
      title: `Requests to the remote API go through ${url} (${source}), which accepts connections`,
    }),
    'proxy.not-used': ({ url, source }) => ({
      title: `${source} names ${url}, which is not on the way to what this proxy asks`,
    }),
    'proxy.unreachable': ({ url, source, code }) => ({
      title: `The proxy ${url} (${source}) cannot be reached`,
      detail: `The connection failed with ${code}. Nothing gets through to the remote API.`,
      nextStep: `Start that proxy, or correct ${source}.`,
    }),
    'proxy.invalid': ({ source }) => ({
      title: `${source} is not an http:// or https:// URL`,
      detail: 'Lingma Proxy does not start with it. Other kinds of proxy, such as SOCKS, are not supported.',
      nextStep: `Correct ${source}, or remove it to connect directly.`,
    }),
    'proxy.loopback': ({ source }) => ({
      title: `${source} is set, and NO_PROXY does not except this computer`,
      detail: 'Clients may look for Lingma Proxy behind that proxy and never find it.',
      nextStep: 'Set NO_PROXY=127.0.0.1,localhost where the clients run.',
    }),

    'runtime.chosen': ({ address, source, models }) => ({
      title: `${address} is ready and lists ${of(models, 'model')}`,
      detail: `Found by ${source}.`,
    }),
    'runtime.spare': ({ address, source, models }) => ({
      title: `${address} is ready too (${of(models, 'model')}); the one above comes first`,
      detail: `Found by ${source}.`,
    }),
    'runtime.partial': ({ address, source, models }) => ({
      title: `${address} lists ${of(models, 'model')} but cannot answer`,
      detail: `It is the runtime of the VS Code extension alone, which knows no conversations. Found by ${source}.`,
      nextStep: 'Open the QoderCN or Lingma desktop app, whose runtime can.',
    }),
    'runtime.refused': ({ address, source, code }) => ({
      title: `Nothing answers at ${address}`,
      detail: `${source} names it, but the connection fails (${code}): the app has ended or moved.`,
      nextStep: openRuntime,
    }),
    'runtime.set-refused': ({ address, source, code }) => ({
      title: `Nothing answers at ${address}`,
      detail: `It is the only place to look at, by ${source}; the connection fails (${code}).`,
      nextStep: 'Correct the address, or clear it to have the runtime found.',
    }),
    'runtime.silent': ({ address, source, seconds }) => ({
      title: `${address} accepts connections and says nothing`,
      detail: `No answer within ${seconds} s. Found by ${source}.`,
      nextStep: 'Restart QoderCN or Lingma.',
    }),
    'runtime.failing': ({ address, source, reason }) => ({
      title: `${address} answers with an error`,
      detail: `It says: ${reason}. Found by ${source}.`,
      nextStep: 'Restart QoderCN or Lingma, and update it if this repeats.',
    }),
    'runtime.left-over': ({ source, reason }) => ({
      title: `${source} is left over from an app that has ended`,
      detail: `It ${reason}.`,
      nextStep: openRuntime,
    }),
    'runtime.unreadable': ({ source, reason }) => ({
      title: `${source} cannot be read`,
      detail: `It ${reason}.`,
      nextStep: 'Let your user read the file.',
    }),
    'runtime.broken': ({ source, reason }) => ({
      title: `${source} says nothing of use`,
      detail: `It ${reason}.`,
      nextStep: 'Restart QoderCN or Lingma, which writes it anew.',
    }),
    'runtime.named-missing': ({ source }) => ({
      title: `${source} holds no runtime`,
      detail: 'It is set as the only place to look at, so no other counts.',
      nextStep: 'Correct shared_client_info, or clear it to look in the usual places.',
    }),
    'runtime.other-transport': ({ source, transport }) => ({
      title: `${source} is passed over, as the transport is set to ${transport}`,
      nextStep: 'Set transport to auto.',
    }),
    'runtime.not-local': ({ source }) => ({
      title: `${source} is passed over, as it names a pipe that is not on this computer`,
      nextStep: 'Restart QoderCN or Lingma, which writes it anew.',
    }),
    'runtime.not-an-address': ({ source }) => ({
      title: `${source} is not a ws:// or wss:// URL`,
      nextStep: 'Correct it, or clear it to have the runtime found.',
    }),
    'runtime.none': () => ({
      title: 'No runtime was found on this computer',
      detail: 'The backend ipc needs one, and so do images on the backend remote.',
      nextStep: `Install QoderCN or Lingma if need be. ${openRuntime}`,
    }),

    'login.chosen': ({ source, expires, rule }) => ({
      title: `${source} is used: ${rules[rule]}`,
      ...(expires === '' ? {} : { detail: until(expires).trim() }),
    }),
    'login.expiring': ({ source, expires, hours }) => ({
      title: `${source} is used and ends ${hours < 1 ? 'within the hour' : `in ${of(hours, 'hour')}`}`,
      detail: until(expires).trim(),
      nextStep: 'Open Lingma or QoderCN, which renews it, or sign in again.',
    }),
    'login.spare': ({ source, expires, rule }) => ({
      title: `${source} could be used, but is not ${rules[rule]}`,
      ...(expires === '' ? {} : { detail: until(expires).trim() }),
    }),
    'login.expired': ({ source, expires }) => ({
      title: `${source} has expired`,
      detail: `It was valid until ${showTime(expires)}.`,
      nextStep: signIn,
    }),
    'login.unreadable': ({ source, reason }) => ({
      title: `${source} cannot be read`,
      detail: `It ${reason}.`,
      nextStep: 'Let your user read the file.',
    }),
    'login.incomplete': ({ source, reason }) => ({
      title: `${source} holds no usable login`,
      detail: `It ${reason}.`,
      nextStep: signIn,
    }),
    'login.undecryptable': ({ source }) => ({
      title: `${source} cannot be decrypted`,
      detail:
        'The machine id beside it is not the one that it was encrypted with, or the file is damaged. Copied files have to come with their cache/id.',
      nextStep: signIn,
    }),
    'login.no-machine-id': ({ source }) => ({
      title: `${source} has no machine id beside it`,
      detail: 'It is needed for decryption, and is usually in cache/id or cli/.auth/id.',
      nextStep: `${signIn} Where the file was copied, copy cache/id as well.`,
    }),
    'login.named-missing': ({ source }) => ({
      title: `${source} does not exist`,
      detail: 'It is set as the only place to look at, so no other login counts.',
      nextStep: 'Correct the setting, or clear it to look in the usual places.',
    }),
    'login.none': ({ places }) => ({
      title: 'There is no login of Lingma or QoderCN on this computer',
      detail: `${of(places, 'place')} were looked at.`,
      nextStep: signIn,
    }),
    'login.readable-by-others': ({ source }) => ({
      title: `Other users of this computer can read ${source}`,
      detail: 'Who reads it can use your account.',
      nextStep: `Make it yours alone: chmod 600 '${source}'`,
    }),
    'login.not-needed': () => ({
      title: 'The backend ipc uses the runtime’s own login; these are not needed',
    }),
    'login.refused': ({ status, message }) => ({
      title: `Upstream refuses the login (${status})`,
      detail: message,
      nextStep: `${signIn} If this computer’s clock is off, set it first.`,
    }),

    'base-url.answers': ({ url, source }) => ({ title: `${url} answers`, detail: named(source) }),
    'base-url.invalid': ({ message }) => ({
      title: 'The base URL is no address',
      detail: message,
      nextStep: correctBaseUrl,
    }),
    'base-url.unencrypted': ({ url }) => ({
      title: `${url} is not encrypted`,
      detail: 'The login and all that is asked travel in the open.',
      nextStep: 'Use an https:// address.',
    }),
    'base-url.unknown-name': ({ url, source, code }) => ({
      title: `The name in ${url} cannot be found`,
      detail: `The look-up failed with ${code}. ${named(source)}`,
      nextStep: `Check the network connection. ${correctBaseUrl}`,
    }),
    'base-url.untrusted': ({ url, source, code }) => ({
      title: `The certificate of ${url} is not trusted`,
      detail: `The connection failed with ${code}. ${named(source)}`,
      nextStep:
        'Behind a proxy that inspects traffic, name its certificate in NODE_EXTRA_CA_CERTS and start again.',
    }),
    'base-url.behind-proxy': ({ url, code }) => ({
      title: `The proxy on the way does not let requests to ${url} through`,
      detail: `It closed the tunnel (${code}), for want of a password perhaps.`,
      nextStep: 'Put user name and password into the proxy’s URL, or except this address in NO_PROXY.',
    }),
    'base-url.unreachable': ({ url, source, code }) => ({
      title: `${url} cannot be reached`,
      detail: `The connection failed with ${code}. ${named(source)}`,
      nextStep: `Check network, VPN and firewall. ${correctBaseUrl}`,
    }),
    'base-url.wrong-host': ({ url, source }) => ({
      title: `${url} answers, but there is no Lingma API`,
      detail: named(source),
      nextStep: correctBaseUrl,
    }),
    'clock.fine': () => ({ title: 'This computer’s clock agrees with upstream’s' }),
    'clock.off': ({ seconds }) => ({
      title: `This computer’s clock is ${of(Math.round(Math.abs(seconds) / 60), 'minute')} ${seconds > 0 ? 'ahead of' : 'behind'} upstream’s`,
      detail: 'Each request is signed with the time; upstream may refuse it.',
      nextStep: 'Set the clock, or let the system keep it.',
    }),

    'models.listed': ({ count, names }) => ({ title: `${of(count, 'model')}: ${names}` }),
    'models.none': () => ({
      title: 'The account has no models',
      detail: 'Upstream lists none for it.',
      nextStep: 'Check in the IDE which models this account may use, then run the doctor again.',
    }),
    'models.failed': ({ status, message }) => ({
      title: status === 0 ? 'The models are not listed' : `The models are not listed (${status})`,
      detail: message,
      nextStep: 'Run the doctor again in a moment.',
    }),
    'models.unlisted-default': ({ model }) => ({
      title: `The default model ${model} is not among them`,
      detail: 'Requests that name no known model ask for it.',
      nextStep: 'Choose one that is listed.',
    }),

    'requests.other-backend': ({ backend }) => ({
      title:
        backend === 'ipc'
          ? 'The backend ipc could answer meanwhile: a local runtime is ready'
          : 'The backend remote could answer meanwhile: there is a usable login',
      nextStep: `Switch to the backend ${backend}.`,
    }),
    'requests.left-out': () => ({ title: 'Left out: no model was asked for anything' }),
    'requests.announced': ({ count, url, temporary }) => ({
      title: `${count} short requests follow, which cost a few tokens of your account`,
      detail: temporary ? 'A proxy was started for them, and ends with them.' : `They go to ${url}.`,
    }),
    'requests.skipped': ({ link }) => ({
      title: `Skipped, as an earlier link is broken: ${links[link]}`,
    }),
    'requests.no-proxy': ({ message }) => ({
      title: 'No proxy could be started to ask through',
      detail: message,
      nextStep: seeLog,
    }),
    'text.works': ({ api, milliseconds }) => ({ title: `Text · ${name(api)} · ${milliseconds} ms` }),
    'text.fails': ({ api, status, message }) => ({
      title: `Text fails · ${name(api)}${status === 0 ? '' : ` (${status})`}`,
      detail: message,
      nextStep: seeLog,
    }),
    'tools.works': ({ api, milliseconds }) => ({
      title: `Tools · ${name(api)} · call and result in ${milliseconds} ms`,
    }),
    'tools.fails': ({ api, status, message }) => ({
      title: `Tools fail · ${name(api)}${status === 0 ? '' : ` (${status})`}`,
      detail: message,
      nextStep: seeLog,
    }),
    'tools.no-call': ({ api }) => ({
      title: `The model did not call the tool · ${name(api)}`,
      detail: 'It was required to. Some models cannot use tools; agents need one that can.',
      nextStep: 'Run the doctor again; if it repeats, choose another model.',
    }),
    'images.works': ({ api, milliseconds }) => ({ title: `Images · ${name(api)} · ${milliseconds} ms` }),
    'images.unseen': ({ api, milliseconds }) => ({
      title: `Images · ${name(api)} · ${milliseconds} ms, though the answer does not name the picture’s colour`,
      detail: 'The model may not see images, or only said it differently.',
    }),
    'images.fails': ({ api, status, message }) => ({
      title: `Images fail · ${name(api)}${status === 0 ? '' : ` (${status})`}`,
      detail: message,
      nextStep: seeLog,
    }),
    'images.need-runtime': () => ({
      title: 'Images cannot be answered: they need a local runtime, and none is ready',
      detail: 'The remote API does not reliably read images, so the runtime does.',
      nextStep: openRuntime,
    }),
  },
};
