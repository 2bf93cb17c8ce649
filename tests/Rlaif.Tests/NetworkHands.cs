using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Rlaif.Tests;

/// <summary>For servers of tests that cut connections: what they have written is in the hands of the network once the write is done, however slow the machine.</summary>
internal static class NetworkHands
{
    /// <summary>A write or flush ends when the system has taken all of it, not when it is in a buffer that a cut throws away.</summary>
    public static void HoldNothingBack(SocketTransportOptions options) =>
        // Writers wait from two bytes on until nothing is left: half of the limit is where they go on.
        options.MaxWriteBufferSize = 2;
}
