// undici without what this program never uses, which is most of it: fetch, WebSocket, caches, mocks. What is left takes half the
// time to load and half the memory. test/packaging/undici.test.ts holds this to what src imports.
'use strict';

const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');

Dispatcher.prototype.request = require('undici/lib/api/api-request.js');
// By which ProxyAgent asks a proxy for its way through.
Dispatcher.prototype.connect = require('undici/lib/api/api-connect.js');

exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');
