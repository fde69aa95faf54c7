import { testMatrix } from './tested-matrix.ts';

testMatrix('pipe');
