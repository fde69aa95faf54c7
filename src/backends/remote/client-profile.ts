/** Which of the product's own clients a request looks like; seen on the wire of lingma-proxy / lingma2api and of lingma-tap. */
export type ClientProfile = 'plugin' | 'ide';

/** What sets one profile's requests apart from the other's. */
export interface ProfileTraits {
  /** `Cosy-Version` unless a setting names another. */
  readonly defaultVersion: string;
  /** `Cosy-Clienttype`. */
  readonly clientType: string;
  /** Whether bodies are sent in the Encode=1 form unless a setting says otherwise. */
  readonly encodesBody: boolean;
}

export const profileTraits: Readonly<Record<ClientProfile, ProfileTraits>> = {
  plugin: { defaultVersion: '2.11.2', clientType: '2', encodesBody: false },
  ide: { defaultVersion: '0.11.0', clientType: '0', encodesBody: true },
};
