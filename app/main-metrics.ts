/** The metrics a day is told by, in the order a person would ask for them; the rest stands in the table below. */
export const MAIN_METRICS: readonly { readonly group: string; readonly metrics: readonly string[] }[] = [
  { group: 'Sleep', metrics: ['sleep_total_s', 'sleep_deep_s', 'sleep_rem_s', 'sleep_efficiency_pct'] },
  {
    group: 'Heart',
    metrics: ['resting_heart_rate_bpm', 'heart_rate_bpm', 'hrv_rmssd_ms', 'hrv_sdnn_ms', 'stress_0_100', 'spo2_pct'],
  },
  {
    group: 'Activity',
    metrics: ['steps', 'distance_m', 'floors_climbed', 'energy_active_kcal', 'active_time_s', 'exercise_time_s'],
  },
  { group: 'Body', metrics: ['weight_kg', 'body_fat_pct', 'muscle_mass_kg'] },
  { group: 'Food', metrics: ['diet_energy_kcal', 'diet_protein_g', 'diet_carbs_g', 'diet_fat_g', 'water_intake_ml'] },
];
