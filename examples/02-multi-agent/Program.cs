// Four analysts and a manager, each a language model, debate two stocks of a simulated market and propose five candidates for each.
//
//   dotnet run -c Release --project examples/02-multi-agent
//
// Without a key it replays recorded replies; with ANTHROPIC_API_KEY the same code asks Claude. docs/agents.md explains the parts.
using Rlaif.Examples;

await MultiAgentDesk.RunAsync(ModelDoor.Choose("02-multi-agent", Console.Out), Console.Out);
