using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>The model of a role, ready to be asked.</summary>
/// <param name="Options">How it may be used.</param>
/// <param name="Card">What is known about it, with the options' own prices and cutoff in place.</param>
/// <param name="CreateClient">
/// The client with time-outs, retries and limits around it; made once, on the first call.
/// It throws <see cref="RlaifInputException"/> naming the variable when the key is missing.
/// </param>
public sealed record ModelSetup(ModelOptions Options, ModelCard Card, Func<IChatClient> CreateClient);
