import { z } from 'zod';

const measurement = z.object({ name: z.string(), value: z.number(), unit: z.enum(['ms', 'MB']) });

/** A number that is worth knowing and no test judges. */
export type Measurement = z.infer<typeof measurement>;

/** What a suite that ran to its end inside an extension host leaves behind, as JSON. Without such a file it did not get there. */
export const suiteResults = z.object({
  tests: z.array(
    z.object({
      /** The titles of the suites around it and its own. */
      title: z.string(),
      state: z.enum(['passed', 'failed', 'skipped']),
      /** The stack of what it failed with. */
      error: z.string().optional(),
    }),
  ),
  measurements: z.array(measurement),
});
export type SuiteResults = z.infer<typeof suiteResults>;
