namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What a local model server speaks.</summary>
public enum ModelProtocol
{
    /// <summary>Anthropic's Messages API.</summary>
    Anthropic,

    /// <summary>OpenAI's chat completions.</summary>
    OpenAi,
}
