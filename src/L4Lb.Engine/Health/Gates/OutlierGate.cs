using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Gates;

/// <summary>
/// For how long a backend is ejected: the n-th time in a row n times the base, up to a maximum; n falls by one for each
/// interval that passes without (Envoy, source/common/upstream/outlier_detection_impl.cc).
/// </summary>
internal sealed class OutlierGate
{
    private int _inARow;

    /// <summary>It is left alone now.</summary>
    internal bool IsEjected { get; private set; }

    /// <summary>Ejects it. Returns for how long.</summary>
    internal TimeSpan Eject(OutlierSpec spec)
    {
        IsEjected = true;

        // More than the maximum asks for would only have to be forgotten again.
        _inARow = (int)Math.Min(_inARow + 1, Math.Ceiling(spec.MaxEjection / spec.BaseEjection));
        var wanted = spec.BaseEjection * _inARow;
        return wanted < spec.MaxEjection ? wanted : spec.MaxEjection;
    }

    /// <summary>Its time is over.</summary>
    internal void Return() => IsEjected = false;

    /// <summary>An interval has passed.</summary>
    internal void Decay()
    {
        if (!IsEjected && _inARow > 0)
        {
            _inARow--;
        }
    }
}
