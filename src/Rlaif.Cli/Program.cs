using Rlaif.Cli;

return await RlaifCommand.RunAsync(args, CliHost.OfProcess());
