import type { ApiName } from '../findings.ts';
import { apiName, type Catalogue, showTime } from './catalogue.ts';

const links: Catalogue['links'] = {
  settings: '设置',
  port: '端口',
  runtime: '本地运行时',
  login: '登录',
  'base-url': '服务地址',
  models: '模型列表',
  text: '文本',
  tools: '工具',
  images: '图片',
};

const rules = {
  auto: '顺序最靠前的可用登录',
  newest: '文件最新的登录',
  longest: '有效期最长的登录',
} as const;

const openRuntime = '打开 QoderCN 或 Lingma 应用，等待其启动完成。';
const signIn = '在 Lingma 或 QoderCN 中登录，新的登录会被自动发现。';
const correctBaseUrl = '请修改 remote_base_url；留空则自动探测地址。';
const seeLog = '查看 Lingma Proxy 日志中的相关内容，然后重新运行诊断。';
const name = (api: ApiName) => apiName(api, '所有 API');
const until = (expires: string) => `有效期至 ${showTime(expires)}。`;
const origins: Readonly<Record<string, string>> = {
  default: '默认值',
  setting: '设置',
  environment: '环境变量',
};
/** `setting pipe` → `设置 pipe`; a path stays as it is. */
const origin = (source: string) =>
  source.replace(/^(?:default|setting|environment)(?= |$)/, (kind) => origins[kind] ?? kind);
const named = (source: string) => `地址来源：${origin(source)}。`;
/** What a program answered, in its own words. */
const quoted = (message: string) => `错误内容：${message}`;
const statusOf = (status: number) => (status === 0 ? '' : `（${status}）`);

/** The report in Simplified Chinese. */
export const simplifiedChinese: Catalogue = {
  sections: {
    settings: '设置',
    installation: '安装与环境',
    port: '端口',
    network: '对外的网络代理',
    runtime: '本地运行时（Lingma / QoderCN）',
    login: '登录',
    remote: '远程 API',
    models: '模型列表',
    requests: '实际请求',
  },
  links,
  summary: {
    heading: (version) => `Lingma Proxy ${version} · 诊断`,
    chain: '得到回答所需的各个环节，按顺序',
    firstBroken: (link, title) => `第一个断开的环节：${link}。${title}。`,
    allHolds: '检查过的环节全部正常。',
    counts: (errors, warnings) =>
      errors + warnings === 0
        ? '没有需要处理的问题。'
        : [errors > 0 ? `${errors} 个错误` : '', warnings > 0 ? `${warnings} 个警告` : '']
            .filter((part) => part !== '')
            .join('，'),
  },
  findings: {
    'settings.fine': ({ given, file }) => ({
      title: file === '' ? '设置正常' : `设置正常，读取自 ${file}`,
      detail: given === '' ? '全部为默认值。' : `非默认的设置：${given}。`,
    }),
    'settings.warning': ({ warning }) => ({
      title: '有一项设置不太对',
      detail: warning,
      nextStep: '请在设置中改正它。',
    }),
    'settings.unusable': ({ problem }) => ({
      title: '代理无法以这些设置启动',
      detail: problem,
      nextStep: '请改正这项设置。',
    }),
    'settings.readable-by-others': ({ source }) => ({
      title: `本机的其他用户可以读取 ${source}`,
      detail: '其中有本代理的密钥或密码。',
      nextStep: `请将它设为仅自己可读：chmod 600 '${source}'`,
    }),

    'node.fine': ({ version }) => ({ title: `Node.js ${version}` }),
    'node.too-old': ({ version, needed }) => ({
      title: `Node.js ${version} 低于本程序测试过的版本`,
      nextStep: `请安装 Node.js ${needed} 或更高版本。`,
    }),
    'images-library.fine': () => ({ title: '可以读取和缩放图片' }),
    'images-library.missing': ({ reason }) => ({
      title: '无法读取图片',
      detail: quoted(reason),
      nextStep: '在程序旁运行“npm install sharp”，或安装适合本机平台的版本。',
    }),
    'place.local': ({ platform }) => ({ title: `运行在本机（${platform}）` }),
    'place.wsl': ({ distribution }) => ({
      title: `运行在 WSL 中（${distribution}）`,
      detail:
        '这里看不到 Windows 一侧的 Lingma。若要使用那里的登录，请将 cache_dir 指向其文件夹，例如 /mnt/c/Users/NAME/.lingma。',
    }),
    'place.container': () => ({
      title: '运行在容器中',
      detail: '这里只能看到挂载进来的文件：请以只读方式挂载登录缓存，或指定凭据文件。',
    }),
    'place.remote': ({ kind }) => ({
      title: `运行在远程计算机上（${kind}）`,
      detail: '这里看不到你面前这台计算机上的运行时和登录。',
    }),

    'port.any': () => ({ title: '使用任意空闲端口' }),
    'port.free': ({ host, port }) => ({
      title: `${host} 的端口 ${port} 空闲，目前没有代理在运行`,
      nextStep: '需要使用时请启动 Lingma Proxy。',
    }),
    'port.ours': ({ url, version, backend }) => ({
      title: `Lingma Proxy ${version} 正在 ${url} 运行（后端 ${backend}），将直接检查它`,
    }),
    'port.other-backend': ({ backend, configured }) => ({
      title: `运行中的代理使用后端 ${backend}，而设置为 ${configured}`,
      detail: '以下检查针对它正在使用的后端。',
      nextStep: '若要让它采用设置，请重新启动。',
    }),
    'port.other-proxy': ({ url, version }) => ({
      title: `另一个 Lingma Proxy（${version}）正在 ${url} 运行，它要求的密钥与此处不同`,
      detail: '它可能属于另一个窗口或用户。指向该地址的客户端连接到的是它。',
      nextStep: '在此处设置相同的 API 密钥，或换一个端口。',
    }),
    'port.taken': ({ host, port, holder, free }) => ({
      title: `${host} 的端口 ${port} 已被${holder === '' ? '其他程序' : ` ${holder} `}占用`,
      nextStep: free === 0 ? '请停止该程序，或换一个端口。' : `请停止该程序，或改用端口 ${free}。`,
    }),
    'port.no-answer': ({ url }) => ({
      title: `应在 ${url} 运行的代理没有回应`,
      detail: '以下检查改用临时启动的代理。',
      nextStep: '请重新启动 Lingma Proxy。',
    }),
    'port.forbidden': ({ port }) => ({
      title: `当前用户不能监听端口 ${port}`,
      nextStep: '请选择大于 1023 的端口。',
    }),
    'port.no-such-address': ({ host }) => ({
      title: `${host} 不是本机的地址`,
      nextStep: '请监听 127.0.0.1，它始终可用。',
    }),

    'proxy.none': () => ({ title: '未设置' }),
    'proxy.in-use': ({ url, source }) => ({
      title: `发往远程 API 的请求经过 ${url}（${source}），它可以连接`,
    }),
    'proxy.not-used': ({ url, source }) => ({
      title: `${source} 指定了 ${url}，但本代理的请求不经过它`,
    }),
    'proxy.unreachable': ({ url, source, code }) => ({
      title: `无法连接网络代理 ${url}（${source}）`,
      detail: `连接失败：${code}。任何请求都到不了远程 API。`,
      nextStep: `请启动该网络代理，或修改 ${source}。`,
    }),
    'proxy.invalid': ({ source }) => ({
      title: `${source} 不是 http:// 或 https:// 地址`,
      detail: 'Lingma Proxy 无法以此启动。不支持 SOCKS 等其他类型的网络代理。',
      nextStep: `请修改 ${source}，或删除它以直接连接。`,
    }),
    'proxy.loopback': ({ source }) => ({
      title: `设置了 ${source}，但 NO_PROXY 没有排除本机`,
      detail: '客户端可能会经由那个网络代理寻找 Lingma Proxy，因而永远找不到它。',
      nextStep: '在运行客户端的环境中设置 NO_PROXY=127.0.0.1,localhost。',
    }),

    'runtime.chosen': ({ address, source, models }) => ({
      title: `${address} 已就绪，列出 ${models} 个模型`,
      detail: `来源：${origin(source)}。`,
    }),
    'runtime.spare': ({ address, source, models }) => ({
      title: `${address} 也已就绪（${models} 个模型），但上面的优先`,
      detail: `来源：${origin(source)}。`,
    }),
    'runtime.partial': ({ address, source, models }) => ({
      title: `${address} 能列出 ${models} 个模型，但不能回答`,
      detail: `它只是 VS Code 扩展的运行时，不支持会话。来源：${origin(source)}。`,
      nextStep: '请打开 QoderCN 或 Lingma 桌面应用，它的运行时可以回答。',
    }),
    'runtime.refused': ({ address, source, code }) => ({
      title: `${address} 没有回应`,
      detail: `${source} 指向它，但连接失败（${code}）：应用已经退出，或换了端口。`,
      nextStep: openRuntime,
    }),
    'runtime.set-refused': ({ address, source, code }) => ({
      title: `${address} 没有回应`,
      detail: `${source} 只允许连接这一处，而连接失败（${code}）。`,
      nextStep: '请改正地址；留空则自动查找运行时。',
    }),
    'runtime.silent': ({ address, source, seconds }) => ({
      title: `${address} 接受连接，却没有任何回应`,
      detail: `${seconds} 秒内没有回应。来源：${origin(source)}。`,
      nextStep: '请重新启动 QoderCN 或 Lingma。',
    }),
    'runtime.failing': ({ address, source, reason }) => ({
      title: `${address} 返回错误`,
      detail: `错误内容：${reason}。来源：${origin(source)}。`,
      nextStep: '请重新启动 QoderCN 或 Lingma；若反复出现，请更新它。',
    }),
    'runtime.left-over': ({ source }) => ({
      title: `${source} 是已退出的应用留下的`,
      detail: '它所记录的进程已经不存在。',
      nextStep: openRuntime,
    }),
    'runtime.unreadable': ({ source }) => ({
      title: `无法读取 ${source}`,
      nextStep: '请让当前用户有权读取该文件。',
    }),
    'runtime.broken': ({ source }) => ({
      title: `${source} 没有可用的内容`,
      detail: '文件为空、不完整，或既没有端口也没有管道；也可能正在写入。',
      nextStep: '请重新启动 QoderCN 或 Lingma，它会重新写入。',
    }),
    'runtime.named-missing': ({ source }) => ({
      title: `${source} 中没有运行时`,
      detail: '设置只允许查找这一处，因此其他位置都不算。',
      nextStep: '请修改 shared_client_info；留空则查找常用位置。',
    }),
    'runtime.other-transport': ({ source, transport }) => ({
      title: `跳过 ${source}，因为传输方式设置为 ${transport}`,
      nextStep: '请将 transport 设为 auto。',
    }),
    'runtime.not-local': ({ source }) => ({
      title: `跳过 ${source}，因为它指向的管道不在本机`,
      nextStep: '请重新启动 QoderCN 或 Lingma，它会重新写入。',
    }),
    'runtime.not-an-address': ({ source }) => ({
      title: `${source} 不是 ws:// 或 wss:// 地址`,
      nextStep: '请改正它；留空则自动查找运行时。',
    }),
    'runtime.none': () => ({
      title: '本机没有找到运行时',
      detail: '后端 ipc 需要它；后端 remote 处理图片时也需要它。',
      nextStep: `如有需要请安装 QoderCN 或 Lingma。${openRuntime}`,
    }),

    'login.chosen': ({ source, expires, rule }) => ({
      title: `使用 ${source}：${rules[rule]}`,
      ...(expires === '' ? {} : { detail: until(expires) }),
    }),
    'login.expiring': ({ source, expires, hours }) => ({
      title: `使用 ${source}，它将在${hours < 1 ? '一小时内' : ` ${hours} 小时后`}到期`,
      detail: until(expires),
      nextStep: '请打开 Lingma 或 QoderCN 让它续期，或重新登录。',
    }),
    'login.spare': ({ source, expires, rule }) => ({
      title: `${source} 可用，但不是${rules[rule]}`,
      ...(expires === '' ? {} : { detail: until(expires) }),
    }),
    'login.expired': ({ source, expires }) => ({
      title: `${source} 已过期`,
      detail: until(expires),
      nextStep: signIn,
    }),
    'login.unreadable': ({ source }) => ({
      title: `无法读取 ${source}`,
      nextStep: '请让当前用户有权读取该文件。',
    }),
    'login.incomplete': ({ source }) => ({
      title: `${source} 中没有可用的登录`,
      detail: '文件为空、已损坏，或缺少必要的内容。',
      nextStep: signIn,
    }),
    'login.undecryptable': ({ source }) => ({
      title: `无法解密 ${source}`,
      detail: '旁边的机器标识不是加密时所用的那个，或文件已损坏。复制文件时必须连同 cache/id 一起复制。',
      nextStep: signIn,
    }),
    'login.no-machine-id': ({ source }) => ({
      title: `${source} 旁边没有机器标识`,
      detail: '解密需要它，通常位于 cache/id 或 cli/.auth/id。',
      nextStep: `${signIn}若文件是复制来的，请一并复制 cache/id。`,
    }),
    'login.named-missing': ({ source }) => ({
      title: `${source} 不存在`,
      detail: '设置只允许查找这一处，因此其他登录都不算。',
      nextStep: '请修改这项设置；留空则查找常用位置。',
    }),
    'login.none': ({ places }) => ({
      title: '本机没有 Lingma 或 QoderCN 的登录',
      detail: `已查找 ${places} 个位置。`,
      nextStep: signIn,
    }),
    'login.readable-by-others': ({ source }) => ({
      title: `本机的其他用户可以读取 ${source}`,
      detail: '谁能读取它，谁就能使用你的账号。',
      nextStep: `请将它设为仅自己可读：chmod 600 '${source}'`,
    }),
    'login.not-needed': () => ({ title: '后端 ipc 使用运行时自己的登录，不需要以下登录' }),
    'login.refused': ({ status, message }) => ({
      title: `服务端拒绝了登录（${status}）`,
      detail: quoted(message),
      nextStep: `${signIn}如果本机时钟不准，请先校准。`,
    }),

    'base-url.answers': ({ url, source }) => ({ title: `${url} 有回应`, detail: named(source) }),
    'base-url.invalid': ({ message }) => ({
      title: '服务地址无效',
      detail: quoted(message),
      nextStep: correctBaseUrl,
    }),
    'base-url.unencrypted': ({ url }) => ({
      title: `${url} 没有加密`,
      detail: '登录信息和所有提问都以明文传输。',
      nextStep: '请使用 https:// 地址。',
    }),
    'base-url.unknown-name': ({ url, source, code }) => ({
      title: `找不到 ${url} 中的主机名`,
      detail: `域名解析失败：${code}。${named(source)}`,
      nextStep: `请检查网络连接。${correctBaseUrl}`,
    }),
    'base-url.untrusted': ({ url, source, code }) => ({
      title: `${url} 的证书不受信任`,
      detail: `连接失败：${code}。${named(source)}`,
      nextStep: '若经过会检查流量的网络代理，请在 NODE_EXTRA_CA_CERTS 中指定它的证书，然后重新启动。',
    }),
    'base-url.behind-proxy': ({ url, code }) => ({
      title: `途中的网络代理不允许访问 ${url}`,
      detail: `它关闭了隧道（${code}），可能是缺少密码。`,
      nextStep: '请在网络代理地址中写入用户名和密码，或在 NO_PROXY 中排除该地址。',
    }),
    'base-url.unreachable': ({ url, source, code }) => ({
      title: `无法连接 ${url}`,
      detail: `连接失败：${code}。${named(source)}`,
      nextStep: `请检查网络、VPN 和防火墙。${correctBaseUrl}`,
    }),
    'base-url.wrong-host': ({ url, source }) => ({
      title: `${url} 有回应，但那里没有 Lingma 的 API`,
      detail: named(source),
      nextStep: correctBaseUrl,
    }),
    'clock.fine': () => ({ title: '本机时钟与服务端一致' }),
    'clock.off': ({ seconds }) => ({
      title: `本机时钟比服务端${seconds > 0 ? '快' : '慢'} ${Math.round(Math.abs(seconds) / 60)} 分钟`,
      detail: '每个请求的签名都包含时间，服务端可能因此拒绝。',
      nextStep: '请校准时钟，或让系统自动同步。',
    }),

    'models.listed': ({ count, names }) => ({ title: `${count} 个模型：${names}` }),
    'models.none': () => ({
      title: '该账号没有模型',
      detail: '服务端没有为它列出任何模型。',
      nextStep: '请在 IDE 中确认该账号可用的模型，然后重新运行诊断。',
    }),
    'models.failed': ({ status, message }) => ({
      title: `无法获取模型列表${statusOf(status)}`,
      detail: quoted(message),
      nextStep: '请稍后重新运行诊断。',
    }),
    'models.unlisted-default': ({ model }) => ({
      title: `默认模型 ${model} 不在其中`,
      detail: '没有指明已知模型的请求会使用它。',
      nextStep: '请选择列表中的一个模型。',
    }),

    'requests.other-backend': ({ backend }) => ({
      title:
        backend === 'ipc'
          ? '在此期间可以使用后端 ipc：有一个本地运行时已就绪'
          : '在此期间可以使用后端 remote：有一个可用的登录',
      nextStep: `请切换到后端 ${backend}。`,
    }),
    'requests.left-out': () => ({ title: '已略过：没有向任何模型提问' }),
    'requests.announced': ({ count, url, temporary }) => ({
      title: `接下来发送 ${count} 个简短请求，会消耗账号的少量 token`,
      detail: temporary ? '为此临时启动了一个代理，检查完即停止。' : `请求发往 ${url}。`,
    }),
    'requests.skipped': ({ link }) => ({ title: `已跳过，因为前面的环节断开了：${links[link]}` }),
    'requests.no-proxy': ({ message }) => ({
      title: '无法启动用于检查的代理',
      detail: quoted(message),
      nextStep: seeLog,
    }),
    'text.works': ({ api, milliseconds }) => ({ title: `文本 · ${name(api)} · ${milliseconds} 毫秒` }),
    'text.fails': ({ api, status, message }) => ({
      title: `文本请求失败 · ${name(api)}${statusOf(status)}`,
      detail: quoted(message),
      nextStep: seeLog,
    }),
    'tools.works': ({ api, milliseconds }) => ({
      title: `工具 · ${name(api)} · 调用和结果共 ${milliseconds} 毫秒`,
    }),
    'tools.fails': ({ api, status, message }) => ({
      title: `工具请求失败 · ${name(api)}${statusOf(status)}`,
      detail: quoted(message),
      nextStep: seeLog,
    }),
    'tools.no-call': ({ api }) => ({
      title: `模型没有调用工具 · ${name(api)}`,
      detail: '请求要求它必须调用。有些模型不会使用工具，而智能体需要会用工具的模型。',
      nextStep: '请重新运行诊断；若反复出现，请换一个模型。',
    }),
    'images.works': ({ api, milliseconds }) => ({ title: `图片 · ${name(api)} · ${milliseconds} 毫秒` }),
    'images.unseen': ({ api, milliseconds }) => ({
      title: `图片 · ${name(api)} · ${milliseconds} 毫秒，但回答没有说出图片的颜色`,
      detail: '模型可能看不到图片，也可能只是换了说法。',
    }),
    'images.fails': ({ api, status, message }) => ({
      title: `图片请求失败 · ${name(api)}${statusOf(status)}`,
      detail: quoted(message),
      nextStep: seeLog,
    }),
    'images.need-runtime': () => ({
      title: '无法处理图片：这需要本地运行时，而目前没有就绪的',
      detail: '远程 API 不能可靠地读取图片，因此由运行时处理。',
      nextStep: openRuntime,
    }),
  },
};
