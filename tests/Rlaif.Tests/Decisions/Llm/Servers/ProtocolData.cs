namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>The cases of tests that hold for both protocols.</summary>
public static class ProtocolData
{
    /// <summary>Both protocols.</summary>
    public static TheoryData<ModelProtocol> Protocols => [ModelProtocol.Anthropic, ModelProtocol.OpenAi];

    /// <summary>Both protocols, with and without streaming.</summary>
    public static TheoryData<ModelProtocol, bool> Calls =>
        new()
        {
            { ModelProtocol.Anthropic, false },
            { ModelProtocol.Anthropic, true },
            { ModelProtocol.OpenAi, false },
            { ModelProtocol.OpenAi, true },
        };
}
