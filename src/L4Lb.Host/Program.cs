using L4Lb.Host.Cli;

return await CommandLine.RunAsync(args, CommandContext.Process, CommandHandlers.Default);
