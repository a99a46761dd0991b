import { texts } from './texts.mjs';

/** What a run reads of models/, as names from there on, in order. */
export const modelFiles = () => texts('models', '').filter((name) => /\.(sql|yml|csv)$/.test(name));
