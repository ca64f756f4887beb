export declare function nodeArguments(app: string): string[];
