using System.Text.Json.Serialization;

namespace Rlaif.Validation;

/// <summary>What the evidence allows to say. The texts are fixed: people and scripts read them.</summary>
public enum Verdict
{
    /// <summary>The interval contains no difference. The normal answer.</summary>
    [JsonStringEnumMemberName("not enough evidence")]
    NotEnoughEvidence,

    /// <summary>The whole interval of the difference is above zero.</summary>
    [JsonStringEnumMemberName("improved")]
    Improved,

    /// <summary>The whole interval of the difference is below zero.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,
}
