using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>To whose account a call goes.</summary>
internal readonly record struct CallOwner(ModelRole Role, string Provider, string Model)
{
    internal static CallOwner Of(ModelRole role, ModelSetup setup) => new(role, setup.Options.Provider, setup.Options.Model);
}
