using System.Text.Json.Serialization;

namespace Rlaif.Tuning;

/// <summary>Whose file layout to write. <see cref="Trl"/> is the recommended one; not every format serves every task.</summary>
public enum TuningFormat
{
    /// <summary>Hugging Face TRL, conversational: all tasks.</summary>
    Trl,

    /// <summary>OpenAI and Azure: supervised and DPO; the service is being wound down.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi,

    /// <summary>Amazon Bedrock, Claude 3 Haiku: supervised; the model is at its end of life.</summary>
    Bedrock,

    /// <summary>Bedrock's layout for supervised data; an archive of pairs for the other tasks, which no Anthropic service accepts.</summary>
    Anthropic,

    /// <summary>Together: supervised and DPO.</summary>
    Together,

    /// <summary>Fireworks: supervised and DPO.</summary>
    Fireworks,

    /// <summary>Axolotl: supervised, DPO (<c>chat_template.default</c>), reward (<c>bradley_terry.chat_template</c>).</summary>
    Axolotl,

    /// <summary>LLaMA-Factory, sharegpt layout: all tasks. The manifest holds the entry for its <c>dataset_info.json</c>.</summary>
    [JsonStringEnumMemberName("llamafactory")]
    LlamaFactory,
}
