using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif encoders</c>: what turns texts into vectors.</summary>
internal sealed class EncodersCommand : Command
{
    public EncodersCommand()
        : base("encoders", "Get the models that turn texts into vectors")
    {
        Subcommands.Add(new EncodersListVerb());
        Subcommands.Add(new EncodersPullVerb());
    }
}
