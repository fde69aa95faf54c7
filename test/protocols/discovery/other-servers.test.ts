import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCapabilities, encodeVersion } from '../../../src/protocols/discovery/capabilities.ts';
import { encodeLlamaCppProps } from '../../../src/protocols/discovery/llama-cpp-props.ts';
import { encodeLmStudioModels } from '../../../src/protocols/discovery/lm-studio-models.ts';
import { encodeOllamaTags, encodeOllamaVersion } from '../../../src/protocols/discovery/ollama.ts';
import { encodeOpenAiModelList } from '../../../src/protocols/discovery/openai-models.ts';
import { models, service } from './example-models.ts';

test('LM Studio: models that are ready, without made-up files', () => {
  assert.deepEqual(encodeLmStudioModels(models), {
    models: [
      {
        type: 'llm',
        publisher: '',
        key: 'mmodel',
        display_name: 'mmodel',
        architecture: null,
        quantization: null,
        size_bytes: 0,
        params_string: null,
        loaded_instances: [{ id: 'mmodel', config: { context_length: 0 } }],
        max_context_length: 0,
        format: null,
        capabilities: { vision: false, trained_for_tool_use: true },
        description: null,
      },
      {
        type: 'llm',
        publisher: 'system',
        key: 'kmodel',
        display_name: 'Kimi-K2.6',
        architecture: null,
        quantization: null,
        size_bytes: 0,
        params_string: null,
        loaded_instances: [{ id: 'kmodel', config: { context_length: 256_000 } }],
        max_context_length: 256_000,
        format: null,
        capabilities: { vision: true, trained_for_tool_use: true },
        description: null,
      },
    ],
  });
});

test('Ollama: tags and version', () => {
  assert.deepEqual(encodeOllamaTags(models.slice(1)), {
    models: [
      {
        name: 'kmodel',
        model: 'kmodel',
        modified_at: '1970-01-01T00:00:00Z',
        size: 0,
        digest: '',
        details: {
          parent_model: '',
          format: '',
          family: '',
          families: [],
          parameter_size: '',
          quantization_level: '',
        },
      },
    ],
  });
  assert.deepEqual(encodeOllamaVersion(service), { version: '0.1.0' });
});

test('llama.cpp: the default model, else the first, else none', () => {
  assert.deepEqual(encodeLlamaCppProps(models, service), {
    default_generation_settings: { n_ctx: 256_000, params: {} },
    total_slots: 4,
    model_alias: 'kmodel',
    model_path: '',
    chat_template: '',
    modalities: { vision: true, audio: false },
    build_info: 'lingma-proxy 0.1.0',
  });
  assert.match(JSON.stringify(encodeLlamaCppProps(models.slice(0, 1), service)), /"model_alias":"mmodel"/);
  assert.match(JSON.stringify(encodeLlamaCppProps([], service)), /"n_ctx":0.*"model_alias":""/);
});

test('capabilities: dialects, features, endpoints and models', () => {
  const { features, endpoints, ...rest } = readCapabilities(false);
  assert.deepEqual(rest, {
    service: 'lingma-proxy',
    version: '0.1.0',
    backend: 'remote',
    protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
    models: encodeOpenAiModelList(models).data,
  });
  assert.deepEqual(
    [features['streaming'], features['tools'], features['images'], features['audio']],
    [true, true, false, false],
  );
  assert.equal(endpoints['chat'], '/v1/chat/completions');
  assert.equal(readCapabilities(true).features['images'], true);
});

test('version', () => {
  assert.deepEqual(encodeVersion(service), { service: 'lingma-proxy', version: '0.1.0' });
});

function readCapabilities(images: boolean) {
  return encodeCapabilities(models, { ...service, images });
}
