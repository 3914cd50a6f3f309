using System.Diagnostics.CodeAnalysis;
using L4Lb.Engine.Interop;

namespace L4Lb.Engine.Diagnostics;

/// <summary>Throwing, out of line, for what can only be a bug or a machine that cannot run us at all.</summary>
internal static class Throw
{
    /// <summary>Returns <paramref name="result"/>, or throws with errno when it is negative.</summary>
    internal static int IfFailed(int result, string call) => result >= 0 ? result : System(call);

    [DoesNotReturn]
    internal static int System(string call)
    {
        var error = LastError.Get();
        throw new InvalidOperationException($"{call}: {LastError.Describe(error)} ({error})");
    }
}
