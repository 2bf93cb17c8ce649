// Guided inference: language models propose several candidates, a reward model that was trained on earlier outcomes picks one.
//
//   dotnet run -c Release --project examples/03-guided-inference
//
// Without a key it replays recorded replies; with ANTHROPIC_API_KEY the same code asks Claude. docs/agents.md explains the parts.
using Rlaif.Examples;

await GuidedDesk.RunAsync(ModelDoor.Choose("03-guided-inference", Console.Out), Console.Out);
