export { formatCount, formatDuration, formatTokens } from '../shared/format-number.ts';
